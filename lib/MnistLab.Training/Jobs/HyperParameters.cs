using System.Globalization;

namespace MnistLab.Training;

/// <summary>
/// What the usual parameters of a boot file may be. A wrong one is refused when the job is submitted, not by its worker minutes later.
/// Names that are not known here are the boot file's own affair.
/// </summary>
internal static class HyperParameters
{
    /// <summary>Checks the parameters that are known.</summary>
    /// <exception cref="TrainingJobException">One is wrong; the message names it.</exception>
    public static void Validate(IReadOnlyDictionary<string, string> parameters)
    {
        // The platform passes an empty field as empty, which stands for the default.
        foreach (var (name, value) in parameters.Where(parameter => parameter.Value.Length > 0))
        {
            var wrong = name switch
            {
                "batch_size" or "max_number_of_steps" => Integer(value) is >= 1 ? null : "a whole number of at least 1",
                "save_model_steps" => Integer(value) is >= 0 ? null : "a whole number of at least 0",
                "export_model" => value is "true" or "false" ? null : "true or false",
                "seed" => Integer(value) is not null ? null : "a whole number",
                "augmentation" => Number(value) is >= 0 ? null : "a number of at least 0, written with a point",
                "learning_rate" => IsLearningRate(value) ? null : "a positive number, written with a point, or a schedule such as 5:0.001->0.01,10:0.001",
                "model" => DigitModels.Names.Contains(value) ? null : $"one of {string.Join(", ", DigitModels.Names)}",
                _ => null,
            };
            if (wrong is not null) throw new TrainingJobException($"parameter {name} '{value}' is not usable: it has to be {wrong}.");
        }
    }

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

    private static long? Integer(string value) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Number(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
