using System.Globalization;
using MnistLab.Hosting;
using MnistLab.Training;

namespace MnistLab.Notebooks.Board;

/// <summary>Resolves the settings of a run, by their names in C#, and validates them.</summary>
internal static class BoardSettings
{
    private const string Model = "model";
    private const string BatchSize = "batchSize";
    private const string LearningRate = "learningRate";

    /// <summary>
    /// The settings: the name in C#, the name of the job parameter, and the valid values, unless they depend on the
    /// board.
    /// </summary>
    private static readonly (string Name, string Parameter, string Requirement)[] Known =
    [
        (Model, "model", ""),
        (LearningRate, "learning_rate", "a number above 0, such as 0.003"),
        ("augmentation", "augmentation", "a number of at least 0: 0 for none, 1 for the usual strength"),
        (BatchSize, "batch_size", ""),
        ("maxNumberOfSteps", "max_number_of_steps", "a whole number of at least 1"),
        ("optimizer", "optimizer", $"one of {string.Join(", ", Mox.OptimizerNames)}"),
        ("learningRateSchedule", "learning_rate_schedule",
            $"{TrainingSettings.ConstantSchedule} or {TrainingSettings.OneCycleSchedule}"),
        ("weightDecay", "weight_decay", "a number of at least 0, such as 0.01"),
        ("labelSmoothing", "label_smoothing", "a number of at least 0 and below 1, such as 0.1"),
        ("seed", "seed", "a whole number"),
    ];

    private static readonly string[] Names = [.. Known.Select(setting => setting.Name)];

    /// <summary>Resolves settings against the model's preset.</summary>
    /// <param name="settings">Values by name; null for a setting that is not specified.</param>
    /// <param name="trainingSamples">The size of the training set.</param>
    /// <param name="presets">The models to choose from.</param>
    /// <returns>The specified settings as text, in a fixed order, and all settings, resolved.</returns>
    /// <exception cref="BoardSettingException">A setting does not exist or its value is not valid.</exception>
    public static (IReadOnlyDictionary<string, string> Given, TrainingSettings Resolved) Resolve(
        IEnumerable<KeyValuePair<string, object?>> settings, int trainingSamples, ModelPresets presets)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            var setting = Array.Find(Known, known => known.Name == name || known.Parameter == name);
            if (setting.Name is null)
            {
                var nearest = NearestName.Suggest(name, Names);
                throw new BoardSettingException(
                    name, $"There is no setting '{name}'. {nearest}The settings are: {string.Join(", ", Names)}.");
            }

            if (value is not null) values[setting.Name] = Text(value);
        }

        var given = Known.Where(setting => values.ContainsKey(setting.Name)).ToList();
        foreach (var setting in given) Validate(setting, values[setting.Name], trainingSamples, presets);
        var parameters = given.ToDictionary(setting => setting.Parameter, setting => values[setting.Name]);
        try
        {
            var resolved = TrainingSettings.Resolve(parameters, trainingSamples, presets);
            return (given.ToDictionary(setting => setting.Name, setting => values[setting.Name]), resolved);
        }
        // Each setting is valid alone, but not in combination with the others or the model's preset.
        catch (ArgumentException error)
        {
            var isSchedule = values.GetValueOrDefault(LearningRate, "").Contains(':', StringComparison.Ordinal);
            throw new BoardSettingException(isSchedule ? LearningRate : BatchSize, error.Message);
        }
    }

    private static void Validate(
        (string Name, string Parameter, string Requirement) setting, string value, int trainingSamples, ModelPresets presets)
    {
        try
        {
            // A job treats an empty value as a missing one; a blank is rejected instead.
            var given = new Dictionary<string, string> { [setting.Parameter] = value.Length > 0 ? value : " " };
            TrainingSettings.Validate(given, presets);
            if (setting.Name == BatchSize) TrainingSettings.Resolve(given, trainingSamples, presets);
        }
        catch (ArgumentException)
        {
            IReadOnlyList<string> names = setting.Name switch { Model => presets.Names, "optimizer" => Mox.OptimizerNames, _ => [] };
            var nearest = names.Count > 0 ? NearestName.Suggest(value, names) : "";
            var requirement = setting.Name switch
            {
                Model => $"one of {string.Join(", ", presets.Names)}",
                BatchSize => $"a whole number from 1 to {trainingSamples}, the number of training images",
                _ => setting.Requirement,
            };
            throw new BoardSettingException(
                setting.Name, $"{setting.Name} must be {requirement}, but was '{value}'. {nearest}".TrimEnd());
        }
    }

    private static string Text(object value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
