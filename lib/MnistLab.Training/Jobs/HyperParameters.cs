namespace MnistLab.Training.Jobs;

/// <summary>
/// Validates the standard parameters of a boot file when a job is submitted, so that the job does not fail minutes
/// later in its worker. Parameters with other names are left to the boot file.
/// </summary>
internal static class HyperParameters
{
    /// <summary>
    /// Returns an error for each known parameter whose value is not valid. Does not check the model's name, because the
    /// boot file may define models.
    /// </summary>
    public static IEnumerable<TrainingJobException> FindProblems(IReadOnlyDictionary<string, string> parameters) =>
        // The platform passes an empty field as an empty value, which means the default.
        from parameter in parameters
        where parameter.Value.Length > 0
        let requirement = SettingRules.ProblemOf(parameter.Key, parameter.Value, presets: null)
        where requirement is not null
        select TrainingJobException.OfField(
            $"parameter {parameter.Key}", $"'{parameter.Value}' is not usable: it must be {requirement}.");

    /// <summary>
    /// Validates the name of the model, which must be a preset of the library or occur as a string in the boot file.
    /// </summary>
    /// <exception cref="TrainingJobException">The name is neither.</exception>
    public static void ValidateModel(IReadOnlyDictionary<string, string> parameters, string bootFile)
    {
        var model = parameters.GetValueOrDefault(SettingRules.ModelName, "");
        if (model.Length == 0 || SettingRules.ProblemOf(SettingRules.ModelName, model, ModelPresets.Default) is not { } requirement) return;
        if (bootFile.Contains($"\"{model}\"", StringComparison.Ordinal)) return;
        throw TrainingJobException.OfField(
            $"parameter {SettingRules.ModelName}",
            $"'{model}' is not usable: it must be {requirement}, "
            + $"or the name of a preset that the boot file defines, but the boot file does not contain \"{model}\".");
    }
}
