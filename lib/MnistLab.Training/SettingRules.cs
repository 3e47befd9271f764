using System.Globalization;

namespace MnistLab.Training;

/// <summary>Defines the valid values of the parameters of a training run.</summary>
internal static class SettingRules
{
    /// <summary>The parameter that names a preset, either the library's or the user's own.</summary>
    public const string ModelName = "model";

    private const string PositiveInteger = "a whole number of at least 1";
    private const string NotNegativeInteger = "a whole number of at least 0";
    private const string NotNegativeNumber = "a number of at least 0, with a decimal point, not a comma";

    private const string TrueOrFalse = "true or false";

    private static readonly (string Name, string Requirement, Func<string, bool> IsValid)[] Rules =
    [
        (ModelName, "", _ => true),
        ("optimizer", OneOf(Mox.OptimizerNames), value => Mox.OptimizerNames.Contains(value)),
        ("learning_rate", "a positive number, with a decimal point, not a comma, or a schedule such as 5:0.001->0.01,10:0.001", IsLearningRate),
        ("learning_rate_schedule", $"{TrainingSettings.ConstantSchedule} or {TrainingSettings.OneCycleSchedule}",
            value => value is TrainingSettings.ConstantSchedule or TrainingSettings.OneCycleSchedule),
        ("batch_size", PositiveInteger, value => Integer(value) is >= 1 and <= int.MaxValue),
        ("max_number_of_steps", PositiveInteger, value => Integer(value) is >= 1),
        ("weight_decay", NotNegativeNumber, value => Number(value) is >= 0),
        ("augmentation", NotNegativeNumber, value => Number(value) is >= 0),
        ("label_smoothing", "a number of at least 0 and below 1, with a decimal point, not a comma", value =>
            Number(value) is >= 0 and < 1),
        ("seed", "a whole number", value => Integer(value) is not null),
        ("evaluate_every_n_steps", NotNegativeInteger, value => Integer(value) is >= 0 and <= int.MaxValue),
        ("restore_best_weights", TrueOrFalse, IsTrueOrFalse),
        ("save_model_steps", NotNegativeInteger, value => Integer(value) is >= 0),
        ("export_model", TrueOrFalse, IsTrueOrFalse),
    ];

    /// <summary>Gets the names of all parameters.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Rules.Select(rule => rule.Name)];

    /// <summary>
    /// Returns the requirement for the values of a parameter, in words; null if the parameter is unknown.
    /// </summary>
    public static string? RequirementOf(string name) => name == ModelName
        ? OneOf(ModelPresets.Default.Names)
        : Array.Find(Rules, rule => rule.Name == name).Requirement;

    /// <summary>Returns the possible values of a parameter if they can be listed; otherwise an empty list.</summary>
    public static IReadOnlyList<string> ChoicesOf(string name) => name switch
    {
        ModelName => ModelPresets.Default.Names,
        "optimizer" => Mox.OptimizerNames,
        "learning_rate_schedule" => [TrainingSettings.ConstantSchedule, TrainingSettings.OneCycleSchedule],
        _ => RequirementOf(name) == TrueOrFalse ? ["true", "false"] : [],
    };

    /// <summary>
    /// Returns the requirement that a value violates; null if the value is valid or the parameter is unknown.
    /// </summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="presets">The models to choose from; null to accept any model name.</param>
    public static string? ProblemOf(string name, string value, ModelPresets? presets) => name == ModelName
        ? presets is null || presets.Names.Contains(value) ? null : OneOf(presets.Names)
        : Array.Find(Rules, rule => rule.Name == name) is { Name: not null } found && !found.IsValid(value) ? found.Requirement : null;

    private static string OneOf(IEnumerable<string> names) => $"one of {string.Join(", ", names)}";

    private static bool IsTrueOrFalse(string value) => value is "true" or "false";

    private static bool IsLearningRate(string value)
    {
        if (!value.Contains(':', StringComparison.Ordinal)) return Number(value) is > 0;
        try
        {
            _ = LearningRateSchedule.Parse(value, stepsPerEpoch: 1);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static long? Integer(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Number(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
