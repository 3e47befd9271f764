namespace MnistLab.Training.Jobs;

/// <summary>
/// A training job could not be submitted, or failed; the message names the field or quotes the end of the log.
/// </summary>
public sealed class TrainingJobException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>
    /// Gets the field of the form that is not valid, by its name on the platform, such as <c>job_name</c> or
    /// <c>parameter batch_size</c>; null if the error is not about a field.
    /// </summary>
    public string? Field { get; init; }

    /// <summary>Describes a field that is not valid.</summary>
    /// <param name="field">The field's name, with which the message begins.</param>
    /// <param name="problem">The rest of the message.</param>
    internal static TrainingJobException OfField(string field, string problem) => new($"{field} {problem}") { Field = field };
}
