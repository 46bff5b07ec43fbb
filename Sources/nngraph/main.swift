print("nngraph")
