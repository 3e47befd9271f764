using CsCheck;
using MnistLab.Training.Networks;

namespace MnistLab.Training.Tests;

public sealed class TrainingSettingsTests
{
    private const int MnistTrain = 55_000;

    [Fact]
    public void Resolve_OfAModelAlone_TakesEverythingFromItsPreset()
    {
        foreach (var preset in ModelPreset.All)
        {
            var settings = Resolve(MnistTrain, ("model", preset.Model));

            Assert.Equal(
                (preset.Optimizer, preset.BatchSize, preset.Steps(MnistTrain)),
                (settings.Optimizer, settings.BatchSize, settings.MaxNumberOfSteps));
            Assert.Equal(
                (preset.WeightDecay, preset.Augmentation, preset.LabelSmoothing),
                (settings.WeightDecay, settings.Augmentation, settings.LabelSmoothing));
            var expected = preset.OptimizerFor(settings.MaxNumberOfSteps).LearningRate;
            var actual = settings.CreateOptimizer(MnistTrain).LearningRate;
            Assert.All([0L, 10, 500, settings.MaxNumberOfSteps - 1], step => Assert.Equal(expected.At(step), actual.At(step)));
        }
    }

    [Fact]
    public void Resolve_OfTheBestModel_TrainsItsTwelveEpochs()
    {
        var settings = Resolve(MnistTrain, ("model", "best"));

        Assert.Equal(12, settings.MaxNumberOfSteps / (MnistTrain / settings.BatchSize));
    }

    [Fact]
    public void Resolve_OfAnotherBatchSize_KeepsTheEpochs() =>
        Assert.Equal(12 * (MnistTrain / 256), Resolve(MnistTrain, ("model", "best"), ("batch_size", "256")).MaxNumberOfSteps);

    [Theory]
    [InlineData("softmax", 1000)]
    [InlineData("lenet", 1000)]
    [InlineData("fast", 858)]
    [InlineData("best", 1000)]
    public void Resolve_OnASmallSet_HasEnoughSteps(string model, long steps) =>
        Assert.Equal(steps, Resolve(3_600, ("model", model)).MaxNumberOfSteps);

    [Fact]
    public void Resolve_OfGivenValues_TakesThem()
    {
        var settings = Resolve(
            100,
            ("model", "lenet"), ("optimizer", "sgd"), ("learning_rate", "0.5"), ("learning_rate_schedule", "constant"),
            ("batch_size", "7"), ("max_number_of_steps", "40"), ("weight_decay", "0.25"), ("augmentation", "1.5"),
            ("label_smoothing", "0.1"), ("seed", "-9000000000"), ("evaluate_every_n_steps", "0"), ("restore_best_weights", "false"),
            ("save_model_steps", "3"), ("export_model", "false"));

        Assert.Equal(("lenet", "sgd", "0.5"), (settings.Model, settings.Optimizer, settings.LearningRate));
        Assert.Equal(("constant", 7, 40), (settings.Schedule, settings.BatchSize, settings.MaxNumberOfSteps));
        Assert.Equal((0.25, 1.5, 0.1), (settings.WeightDecay, settings.Augmentation, settings.LabelSmoothing));
        Assert.Equal((-9_000_000_000, 0, 3), (settings.Seed, settings.EvaluateEveryNSteps, settings.SaveModelSteps));
        Assert.Equal((false, false), (settings.RestoreBestWeights, settings.ExportModel));
        Assert.Equal("sgd", settings.CreateOptimizer(100).Name);
        Assert.Equal(0.5, settings.CreateOptimizer(100).LearningRate.At(39));
    }

    [Fact]
    public void Resolve_OfAnEmptyValue_TakesTheDefault() =>
        Assert.Equal(
            Resolve(MnistTrain, ("model", "fast")),
            Resolve(MnistTrain, ("model", "fast"), ("batch_size", ""), ("learning_rate", "")));

    [Fact]
    public void Resolve_OfASchedule_CountsInEpochsOfTheSet()
    {
        var settings = Resolve(1_000, ("batch_size", "100"), ("learning_rate", "1:0.5,2:0.25"));

        Assert.Null(settings.Schedule);
        Assert.Equal([0.5, 0.25], new[] { 9L, 10 }.Select(settings.CreateOptimizer(1_000).LearningRate.At));
    }

    [Fact]
    public void ToParameters_ResolvedAgain_AreTheSameSettings() => Gen.Select(
        OneOf([.. DigitModels.Names]),
        OneOf("", "0.1", "1e-3", "0.30000000000000004", "1:0.5->0.1,2:0.01"),
        Gen.Double[0, 1].Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
        OneOf("", "16", "64"),
        Gen.Long,
        Gen.Int[128, 100_000]).Sample((model, rate, decay, batch, seed, samples) =>
    {
        var settings = Resolve(samples, ("model", model), ("learning_rate", rate), ("weight_decay", decay), ("batch_size", batch),
            ("seed", seed.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        // All values are explicit, so a different set changes nothing.
        Assert.Equal(settings, TrainingSettings.Resolve(settings.ToParameters(), samples + 1_000));
        Assert.Equal(TrainingSettings.Names.Count - (settings.Schedule is null ? 1 : 0), settings.ToParameters().Count);
    }, iter: 200);

    [Theory]
    [InlineData("lerning_rate", "learning_rate")]
    [InlineData("learning-rate", "learning_rate")]
    [InlineData("batchsize", "batch_size")]
    [InlineData("Model", "model")]
    [InlineData("sead", "seed")]
    [InlineData("steps", "max_number_of_steps")]
    [InlineData("max_steps", "max_number_of_steps")]
    [InlineData("data_rul", "data_url")]
    public void Validate_OfAMistypedName_SuggestsTheNearest(string name, string nearest)
    {
        var error = Assert.Throws<TrainingSettingException>(() => TrainingSettings.Validate(Given((name, "1"))));

        var expected = $"There is no parameter '{name}'. Did you mean '{nearest}'? The parameters are: model, optimizer, ";
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OfANameLikeNoOther_ListsTheNames() => Assert.StartsWith(
        "There is no parameter 'zzz'. The parameters are: model, ",
        Assert.Throws<TrainingSettingException>(() => TrainingSettings.Validate(Given(("zzz", "1")))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("model", "resnet")]
    [InlineData("optimizer", "lion")]
    [InlineData("learning_rate", "0,1")]
    [InlineData("learning_rate", "5:0.1->")]
    [InlineData("learning_rate_schedule", "cosine")]
    [InlineData("batch_size", "0")]
    [InlineData("batch_size", "3000000000")]
    [InlineData("max_number_of_steps", "1.5")]
    [InlineData("weight_decay", "-1")]
    [InlineData("augmentation", "NaN")]
    [InlineData("label_smoothing", "1")]
    [InlineData("seed", "one")]
    [InlineData("evaluate_every_n_steps", "-1")]
    [InlineData("save_model_steps", "-1")]
    [InlineData("export_model", "yes")]
    public void Validate_OfAWrongValue_NamesTheParameterAndTheValue(string name, string value)
    {
        var message = Assert.Throws<TrainingSettingException>(() => TrainingSettings.Validate(Given((name, value)))).Message;

        Assert.StartsWith($"{name} must be ", message, StringComparison.Ordinal);
        Assert.Contains($"but was '{value}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OfTwoSchedules_IsRefused() => Assert.Contains(
        "omit learning_rate_schedule",
        Assert.Throws<TrainingSettingException>(() => TrainingSettings.Validate(
            Given(("learning_rate", "1:0.1"), ("learning_rate_schedule", "constant")))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Resolve_WithoutTrainingImages_SaysSo() => Assert.StartsWith(
        "There are no training images: the dataset is empty.",
        Assert.Throws<ArgumentException>(() => Resolve(0)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Resolve_OfABatchLargerThanTheSet_NamesBoth() => Assert.StartsWith(
        "batch_size must be at most 40, the number of training images, but was 50.",
        Assert.Throws<TrainingSettingException>(() => Resolve(40)).Message,
        StringComparison.Ordinal);

    private static TrainingSettings Resolve(int samples, params (string Name, string Value)[] given) =>
        TrainingSettings.Resolve(Given(given), samples);

    private static Dictionary<string, string> Given(params (string Name, string Value)[] given) =>
        given.ToDictionary(item => item.Name, item => item.Value);

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
