namespace MnistLab.Training.Onnx;

/// <summary>A step of an ONNX model's computation.</summary>
/// <param name="Operator">What it does, such as <c>Conv</c> or <c>Relu</c>.</param>
/// <param name="Inputs">The names of what it takes in: the results of other steps, and weights.</param>
/// <param name="Output">The name of its result.</param>
/// <param name="Parameters">How many numbers its weights are.</param>
public sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, string Output, long Parameters);
