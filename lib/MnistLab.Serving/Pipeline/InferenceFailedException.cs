namespace MnistLab.Serving.Pipeline;

/// <summary>
/// The exception that is thrown when a model's inference code throws the inner exception or returns something that is
/// not a prediction.
/// </summary>
internal sealed class InferenceFailedException(Exception cause) : Exception(cause.Message, cause);
