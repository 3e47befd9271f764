namespace MnistLab.Training;

/// <summary>
/// Checks the usual parameters of a boot file when a job is submitted, so that the job does not fail minutes later in
/// its worker.
/// The boot file alone decides about all other names.
/// </summary>
internal static class HyperParameters
{
    /// <summary>Validates the values of the parameters that are known.</summary>
    /// <exception cref="TrainingJobException">A value is not valid; the message names its parameter.</exception>
    public static void Validate(IReadOnlyDictionary<string, string> parameters)
    {
        // The platform passes an empty field as an empty value, which stands for the default.
        foreach (var (name, value) in parameters.Where(parameter => parameter.Value.Length > 0))
        {
            if (SettingRules.ProblemOf(name, value) is { } requirement)
                throw new TrainingJobException($"parameter {name} '{value}' is not usable: it has to be {requirement}.");
        }
    }
}
