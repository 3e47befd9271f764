namespace MnistLab.Serving.Pipeline;

/// <summary>A model's inference code threw the inner exception, or returned something that is not a prediction.</summary>
internal sealed class InferenceFailedException(Exception cause) : Exception(cause.Message, cause);
