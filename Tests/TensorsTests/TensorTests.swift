import Testing

@testable import Tensors

@Suite struct TensorTests {
  @Test func countsWithoutOverflow() {
    #expect(elementCount(of: []) == 1)
    #expect(elementCount(of: [2, 3]) == 6)
    #expect(elementCount(of: [2, 0]) == 0)
    #expect(elementCount(of: [2, -1]) == nil)
    #expect(elementCount(of: [0, -1]) == nil)
    #expect(elementCount(of: [1 << 32, 1 << 31]) == nil)
    #expect(elementCount(of: [1 << 32, 1 << 30]) == 1 << 62)
    #expect(elementCount(of: [0, 1 << 32, 1 << 32]) == nil)
    #expect(byteCount(of: [1 << 62], elementBytes: 4) == nil)
    #expect(shapeText([2, 3]) == "[2, 3]")
    #expect(shapeText([]) == "[]")
  }

  @Test func knowsItsTypes() {
    #expect(ElementType.allCases.map(\.byteCount) == [4, 8, 4, 1])
    #expect(ElementType.allCases.map(\.isFloat) == [true, true, false, false])
    for type in ElementType.allCases {
      let zeros = Tensor.zeros(type, shape: [2, 3])
      #expect(zeros.elementType == type)
      #expect(zeros.count == 6)
      #expect(zeros.doubles == [0, 0, 0, 0, 0, 0])
      #expect(zeros.withBytes { $0.count } == 6 * type.byteCount)
    }
  }

  @Test func convertsBetweenFloatsAlone() {
    let single = Tensor(shape: [2], [1.5, -2] as [Float])
    let double = Tensor(shape: [2], [1.5, -2] as [Double])
    #expect(single.converted(to: .float64) == double)
    #expect(double.converted(to: .float32) == single)
    #expect(single.converted(to: .float32) == single)
    #expect(single.converted(to: .int32) == nil)
    #expect(Tensor(shape: [1], [true]).converted(to: .float32) == nil)
    #expect(Tensor(shape: [2], [true, false]).doubles == [1, 0])
    #expect(Tensor(shape: [1], [1e300] as [Double]).converted(to: .float32)?.firstNotFinite == 0)
    #expect(Tensor(shape: [3], [1, .nan, 2] as [Float]).firstNotFinite == 1)
    #expect(Tensor(shape: [1], [Int32.max]).firstNotFinite == nil)
  }

  @Test func keepsItsBytes() {
    let tensors = [
      Tensor(shape: [2, 2], [1, 2, -3, 0.5] as [Float]), Tensor(shape: [2], [.pi, -0.0] as [Double]),
      Tensor(shape: [], [-7] as [Int32]), Tensor(shape: [3], [true, false, true]),
      Tensor(shape: [0, 4], [] as [Float]),
    ]
    for tensor in tensors {
      let bytes = tensor.withBytes { Array($0) }
      #expect(Tensor(shape: tensor.shape, type: tensor.elementType, bytes: bytes) == tensor)
      #expect(Tensor(shape: tensor.shape, type: tensor.elementType, bytes: bytes + [0]) == nil)
      let unaligned = ([0] + bytes).withUnsafeBytes {
        Tensor(
          shape: tensor.shape, type: tensor.elementType, bytes: UnsafeRawBufferPointer(rebasing: $0[1...]))
      }
      #expect(unaligned == tensor)
    }
    #expect(Tensor(shape: [1], type: .bool, bytes: [2]) == nil)
    #expect(Tensor(shape: [1 << 62], type: .float32, bytes: []) == nil)
  }

  @Test func changesItsShape() {
    let tensor = Tensor(shape: [2, 2], [1, 2, 3, 4] as [Int32])
    #expect(tensor.reshaped(to: [4])?.shape == [4])
    #expect(tensor.reshaped(to: [3]) == nil)
  }
}
