namespace MnistLab.Training.Jobs;

/// <summary>
/// Checks the usual parameters of a boot file when a job is submitted, so that the job does not fail minutes later in
/// its worker.
/// The boot file alone decides about all other names.
/// </summary>
internal static class HyperParameters
{
    /// <summary>Validates the values of the parameters that are known, except the name of the model, which the boot file may define.</summary>
    /// <exception cref="TrainingJobException">A value is not valid; the message names its parameter.</exception>
    public static void Validate(IReadOnlyDictionary<string, string> parameters)
    {
        // The platform passes an empty field as an empty value, which stands for the default.
        foreach (var (name, value) in parameters.Where(parameter => parameter.Value.Length > 0))
        {
            if (SettingRules.ProblemOf(name, value, presets: null) is { } requirement)
                throw new TrainingJobException($"parameter {name} '{value}' is not usable: it has to be {requirement}.");
        }
    }

    /// <summary>Validates the name of the model: a preset of the library, or one that the boot file mentions.</summary>
    /// <exception cref="TrainingJobException">It is neither.</exception>
    public static void ValidateModel(IReadOnlyDictionary<string, string> parameters, string bootFile)
    {
        var model = parameters.GetValueOrDefault(SettingRules.ModelName, "");
        if (model.Length == 0 || SettingRules.ProblemOf(SettingRules.ModelName, model, ModelPresets.Default) is not { } requirement) return;
        if (bootFile.Contains($"\"{model}\"", StringComparison.Ordinal)) return;
        throw new TrainingJobException(
            $"parameter {SettingRules.ModelName} '{model}' is not usable: it has to be {requirement}, "
            + $"or the name of a preset that the boot file defines, and that has no text \"{model}\".");
    }
}
