namespace MnistLab.Training.Onnx;

/// <summary>Represents a node of an ONNX model's computation graph.</summary>
/// <param name="Operator">The name of the operator, such as <c>Conv</c> or <c>Relu</c>.</param>
/// <param name="Inputs">The names of the inputs: outputs of other nodes, and weights.</param>
/// <param name="Output">The name of the output.</param>
/// <param name="Parameters">The number of parameters in the node's weights.</param>
public sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, string Output, long Parameters);
