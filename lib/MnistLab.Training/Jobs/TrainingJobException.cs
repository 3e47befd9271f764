namespace MnistLab.Training.Jobs;

/// <summary>
/// The exception that is thrown when a training job cannot be submitted or has failed; the message names the field or
/// quotes the end of the log.
/// </summary>
public sealed class TrainingJobException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>
    /// Gets the name of the field that is not valid, as on the platform, such as <c>job_name</c> or <c>parameter
    /// batch_size</c>; null if the error does not concern a field.
    /// </summary>
    public string? Field { get; init; }

    /// <summary>Creates an exception for a field that is not valid.</summary>
    /// <param name="field">The name of the field, with which the message begins.</param>
    /// <param name="problem">The rest of the message.</param>
    internal static TrainingJobException OfField(string field, string problem) => new($"{field} {problem}") { Field = field };
}
