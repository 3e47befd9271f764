using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Hosting;
using MnistLab.Training.Inputs;

namespace MnistLab.Training;

/// <summary>
/// Represents all settings of a training run, resolved: each value is either the one specified or the default of the
/// model's preset. No setting is left open, so the same settings, data, code, and package versions give the same
/// weights on the same machine. <see cref="ToParameters"/> returns all settings as job parameters, and resolving those
/// returns the same settings: record that dictionary to reproduce a run.
/// </summary>
public sealed record TrainingSettings
{
    /// <summary>The learning rate is constant.</summary>
    public const string ConstantSchedule = "constant";

    /// <summary>
    /// The learning rate rises to its maximum and falls again (<see cref="LearningRateSchedule.OneCycle"/>).
    /// </summary>
    public const string OneCycleSchedule = "one_cycle";

    /// <summary>The parameter that names the model. A boot file may define its own models.</summary>
    public const string ModelParameter = SettingRules.ModelName;

    // Boot-file parameters that are not settings: they only specify where it reads and writes.
    private static readonly string[] Locations = ["data_url", "train_url", "log_dir"];

    private const int EvaluationsPerRun = 10;
    private const long DefaultSaveModelSteps = 200;

    private TrainingSettings()
    {
    }

    /// <summary>Gets the names of all parameters, in the form in which a job passes them.</summary>
    public static IReadOnlyList<string> Names => SettingRules.Names;

    /// <summary>
    /// Returns the requirement for the values of a parameter, in words; null if the parameter is not in
    /// <see cref="Names"/>.
    /// </summary>
    public static string? RequirementOf(string name) => SettingRules.RequirementOf(name);

    /// <summary>
    /// Returns the possible values of a parameter if they can be listed; otherwise an empty list. A boot file may
    /// define further models.
    /// </summary>
    public static IReadOnlyList<string> ChoicesOf(string name) => SettingRules.ChoicesOf(name);

    /// <summary>Gets the model's preset.</summary>
    public required ModelPreset Preset { get; init; }

    /// <summary>Gets the model's name, one of <see cref="ModelPresets.Names"/> (<c>model</c>).</summary>
    public string Model => Preset.Model;

    /// <summary>Gets the optimizer's name (<c>optimizer</c>).</summary>
    public required string Optimizer { get; init; }

    /// <summary>
    /// Gets the learning rate (<c>learning_rate</c>): a number, or a schedule in the notation of
    /// <see cref="LearningRateSchedule.Parse"/>, such as <c>5:0.001->0.01,10:0.001</c>.
    /// </summary>
    public required string LearningRate { get; init; }

    /// <summary>
    /// Gets the schedule of a numeric learning rate (<c>learning_rate_schedule</c>): <see cref="ConstantSchedule"/> or
    /// <see cref="OneCycleSchedule"/>; null if <see cref="LearningRate"/> is a schedule itself.
    /// </summary>
    public required string? Schedule { get; init; }

    /// <summary>Gets the number of samples per step, at least 1 (<c>batch_size</c>).</summary>
    public required int BatchSize { get; init; }

    /// <summary>Gets the number of training steps, at least 1 (<c>max_number_of_steps</c>).</summary>
    public required long MaxNumberOfSteps { get; init; }

    /// <summary>Gets the weight decay, at least 0 (<c>weight_decay</c>).</summary>
    public required double WeightDecay { get; init; }

    /// <summary>
    /// Gets the strength of the <see cref="AffineAugmentation"/>, at least 0; 0 for none (<c>augmentation</c>).
    /// </summary>
    public required double Augmentation { get; init; }

    /// <summary>Gets the label-smoothing factor, in [0, 1) (<c>label_smoothing</c>).</summary>
    public required double LabelSmoothing { get; init; }

    /// <summary>Gets the seed of the initial weights and of the order of the samples (<c>seed</c>).</summary>
    public required long Seed { get; init; }

    /// <summary>
    /// Gets the number of steps between evaluations on the validation data; 0 for no evaluation
    /// (<c>evaluate_every_n_steps</c>).
    /// </summary>
    public required int EvaluateEveryNSteps { get; init; }

    /// <summary>
    /// Gets whether the result has the weights of the best evaluation rather than the last ones
    /// (<c>restore_best_weights</c>).
    /// </summary>
    public required bool RestoreBestWeights { get; init; }

    /// <summary>
    /// Gets the number of steps between checkpoints; 0 to save one only at the end (<c>save_model_steps</c>).
    /// </summary>
    public required long SaveModelSteps { get; init; }

    /// <summary>
    /// Gets whether the run evaluates its model on the test set and saves the model package (<c>export_model</c>).
    /// </summary>
    public required bool ExportModel { get; init; }

    /// <summary>Gets the augmentation of the training images; null for none.</summary>
    public AffineAugmentation? Augmenter => Augmentation > 0 ? new AffineAugmentation(Augmentation) : null;

    /// <summary>Validates the names and values of parameters, as far as possible without the data.</summary>
    /// <param name="given">Values by parameter name. An empty value counts as not given.</param>
    /// <param name="presets">The models to choose from; <see cref="ModelPresets.Default"/> if null.</param>
    /// <exception cref="TrainingSettingException">
    /// A name is unknown or a value is not valid; the message names the parameter and, for an unknown name, suggests
    /// the nearest one.
    /// </exception>
    public static void Validate(IReadOnlyDictionary<string, string> given, ModelPresets? presets = null)
    {
        ArgumentNullException.ThrowIfNull(given);
        foreach (var (name, value) in given)
        {
            if (!Names.Contains(name))
            {
                var suggestion = NearestName.Suggest(name, [.. Names, .. Locations]);
                throw new TrainingSettingException(
                    $"There is no parameter '{name}'. {suggestion}The parameters are: {string.Join(", ", Names)}.");
            }

            if (value.Length > 0 && SettingRules.ProblemOf(name, value, presets ?? ModelPresets.Default) is { } requirement)
                throw new TrainingSettingException($"{name} must be {requirement}, but was '{value}'.");
        }

        var learningRate = given.GetValueOrDefault("learning_rate", "");
        if (IsSchedule(learningRate) && given.GetValueOrDefault("learning_rate_schedule", "").Length > 0)
        {
            throw new TrainingSettingException(
                $"learning_rate is already a schedule ('{learningRate}'): omit learning_rate_schedule.");
        }
    }

    /// <summary>
    /// Resolves settings: values that are not specified, including the number of steps, come from the model's preset.
    /// </summary>
    /// <param name="given">Values by parameter name. An empty value counts as not given.</param>
    /// <param name="trainingSamples">
    /// The size of the training set, at least 1; the number of steps of a preset depends on it.
    /// </param>
    /// <param name="presets">
    /// The models to choose from, of which the first is the default; <see cref="ModelPresets.Default"/> if null.
    /// </param>
    /// <exception cref="TrainingSettingException">
    /// A name is unknown, a value is not valid, or the batch is larger than the training set; the message names the
    /// parameter.
    /// </exception>
    /// <exception cref="ArgumentException">There are no training images.</exception>
    public static TrainingSettings Resolve(IReadOnlyDictionary<string, string> given, int trainingSamples, ModelPresets? presets = null)
    {
        presets ??= ModelPresets.Default;
        Validate(given, presets);
        if (trainingSamples < 1)
            throw new ArgumentException("There are no training images: the dataset is empty.", nameof(trainingSamples));
        string? Given(string name) => given.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

        var preset = Given("model") is { } name ? presets.Find(name) : presets.All[0];
        var batchSize = Given("batch_size") is { } size ? (int)Whole(size) : preset.BatchSize;
        if (batchSize > trainingSamples)
        {
            throw new TrainingSettingException(
                $"batch_size must be at most {trainingSamples}, the number of training images, but was {batchSize}.");
        }

        var learningRate = Given("learning_rate") ?? Text(preset.LearningRate);
        var steps = Given("max_number_of_steps") is { } number
            ? Whole(number)
            : (preset with { BatchSize = batchSize }).Steps(trainingSamples);
        return new TrainingSettings
        {
            Preset = preset,
            Optimizer = Given("optimizer") ?? preset.Optimizer,
            LearningRate = learningRate,
            Schedule = IsSchedule(learningRate) ? null
                : Given("learning_rate_schedule") ?? (preset.IsOneCycle ? OneCycleSchedule : ConstantSchedule),
            BatchSize = batchSize,
            MaxNumberOfSteps = steps,
            WeightDecay = Given("weight_decay") is { } decay ? Number(decay) : preset.WeightDecay,
            Augmentation = Given("augmentation") is { } augmentation ? Number(augmentation) : preset.Augmentation,
            LabelSmoothing = Given("label_smoothing") is { } smoothing ? Number(smoothing) : preset.LabelSmoothing,
            Seed = Given("seed") is { } seed ? Whole(seed) : 0,
            EvaluateEveryNSteps = Given("evaluate_every_n_steps") is { } every
                ? (int)Whole(every)
                : (int)Math.Clamp(steps / EvaluationsPerRun, 1, int.MaxValue),
            RestoreBestWeights = Given("restore_best_weights") is not "false",
            SaveModelSteps = Given("save_model_steps") is { } save ? Whole(save) : DefaultSaveModelSteps,
            ExportModel = Given("export_model") is not "false",
        };
    }

    /// <summary>
    /// Returns all settings as job parameters, in the order of <see cref="Names"/>; resolving them returns the same
    /// settings.
    /// </summary>
    public IReadOnlyDictionary<string, string> ToParameters()
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["model"] = Model,
            ["optimizer"] = Optimizer,
            ["learning_rate"] = LearningRate,
            ["learning_rate_schedule"] = Schedule,
            ["batch_size"] = Text(BatchSize),
            ["max_number_of_steps"] = Text(MaxNumberOfSteps),
            ["weight_decay"] = Text(WeightDecay),
            ["augmentation"] = Text(Augmentation),
            ["label_smoothing"] = Text(LabelSmoothing),
            ["seed"] = Text(Seed),
            ["evaluate_every_n_steps"] = Text(EvaluateEveryNSteps),
            ["restore_best_weights"] = RestoreBestWeights ? "true" : "false",
            ["save_model_steps"] = Text(SaveModelSteps),
            ["export_model"] = ExportModel ? "true" : "false",
        };
        return all.Where(item => item.Value is not null).ToDictionary(item => item.Key, item => item.Value!, StringComparer.Ordinal);
    }

    /// <summary>Creates the network with newly initialized weights, and the loss to minimize.</summary>
    /// <param name="kind">What the images show; digits if null.</param>
    public ModelSpec CreateModel(ImageKind? kind = null) =>
        (Preset with { LabelSmoothing = LabelSmoothing }).CreateModel(kind);

    /// <summary>Creates the optimizer with its learning-rate schedule.</summary>
    /// <param name="trainingSamples">
    /// The size of the training set, at least <see cref="BatchSize"/>; the epochs of a schedule refer to it.
    /// </param>
    public OptimizerFn CreateOptimizer(int trainingSamples)
    {
        NumberRange.RequireAtLeast(trainingSamples, BatchSize);
        var schedule = Schedule switch
        {
            null => LearningRateSchedule.Parse(LearningRate, trainingSamples / BatchSize),
            OneCycleSchedule => LearningRateSchedule.OneCycle(Number(LearningRate), MaxNumberOfSteps),
            _ => LearningRateSchedule.Constant(Number(LearningRate)),
        };
        return ModelPreset.OptimizerOf(Optimizer, schedule, WeightDecay);
    }

    /// <summary>Returns all settings in one line, such as <c>model=softmax optimizer=sgd …</c>.</summary>
    public override string ToString() => string.Join(' ', ToParameters().Select(item => $"{item.Key}={item.Value}"));

    private static bool IsSchedule(string learningRate) => learningRate.Contains(':', StringComparison.Ordinal);

    private static long Whole(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
