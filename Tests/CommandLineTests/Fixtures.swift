import Foundation

/// Two inputs, one output that is the sum of a known layer, and nothing to train it with.
let sumGraph = """
  {"format": "nngraph/1", "name": "sum",
   "inputs": {"x": {"shape": ["batch", 2]}, "unused": {"shape": ["batch"]}},
   "nodes": [
     {"name": "hidden", "op": "dense", "inputs": ["x"], "units": 2},
     {"name": "total", "op": "reduce_sum", "inputs": ["hidden"], "axes": [1]},
     {"name": "other", "op": "negate", "inputs": ["unused"]}],
   "outputs": ["total"],
   "parameters": {"values": {"hidden.weight": [[1, 0], [0, 2]], "hidden.bias": [0.5, -0.5]}}}
  """

/// Three kinds of points in a plane, told apart by a small network.
let pointsGraph = """
  {"format": "nngraph/1", "name": "points",
   "inputs": {"x": {"shape": ["batch", 2]}, "label": {"shape": ["batch"], "type": "int32"}},
   "nodes": [
     {"name": "hidden", "op": "dense", "inputs": ["x"], "units": 8, "activation": "tanh"},
     {"name": "logits", "op": "dense", "inputs": ["hidden"], "units": 3},
     {"name": "probabilities", "op": "softmax", "inputs": ["logits"]},
     {"name": "loss", "op": "loss", "inputs": ["probabilities", "label"], "kind": "cross_entropy"}],
   "outputs": ["probabilities"],
   "training": {
     "loss": "loss", "optimizer": {"kind": "adam", "learning_rate": 0.05}, "epochs": 30, "batch_size": 16,
     "seed": 7, "metrics": [{"kind": "accuracy", "prediction": "probabilities", "target": "label"}],
     "data": {"file": "points.csv", "validation": 0.2, "test": 0.1,
       "inputs": {"x": {"columns": ["a", "b"], "standardize": true}, "label": {"column": "kind"}}}}}
  """

/// 120 points, 40 of each kind, spread about three centres.
let pointsTable: String = {
  let centres = [("left", -2.0, 0.0), ("right", 2.0, 0.0), ("top", 0.0, 3.0)]
  var text = "a,b,kind\n"
  for index in 0..<120 {
    let (name, x, y) = centres[index % 3]
    let turn = Double(index) * 2.399963
    let distance = 0.8 * Double(index % 10) / 10
    text += "\(x + distance * cos(turn)),\(y + distance * sin(turn)),\(name)\n"
  }
  return text
}()

extension Workplace {
  /// A folder with `points.json` and its data.
  static func withPoints() throws -> Workplace {
    let place = try Workplace()
    try place.write(pointsGraph, "points.json")
    try place.write(pointsTable, "points.csv")
    return place
  }

  /// A folder with `sum.json` and inputs for it: the outputs are 5 and 11.
  static func withSum() throws -> Workplace {
    let place = try Workplace()
    try place.write(sumGraph, "sum.json")
    try place.write("first,second\n1,2\n3,4\n", "x.csv")
    try place.write("[[1, 2], [3, 4]]", "x.json")
    return place
  }
}
