using MnistLab.Training.Networks;

using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class ModelPresetsTests
{
    private static readonly ModelPreset Own = new(
        "my-network",
        () => nn.Sequential(("flatten", nn.Flatten()), ("output", nn.Linear(784, 10))),
        "adam",
        0.002,
        40,
        2,
        LabelSmoothing: 0.1);

    [Fact]
    public void With_ANetworkOfTheUsersOwn_IsResolvedByItsName()
    {
        var presets = ModelPresets.Default.With(Own);

        var settings = TrainingSettings.Resolve(new Dictionary<string, string> { ["model"] = "my-network" }, 1_000, presets);

        Assert.Equal(("my-network", "adam", 40, 0.1), (settings.Model, settings.Optimizer, settings.BatchSize, settings.LabelSmoothing));
        Assert.Equal(settings, TrainingSettings.Resolve(settings.ToParameters(), 1_000, presets));
        using var network = settings.CreateModel().Network;
        Assert.Equal(["flatten", "output"], network.named_children().Select(child => child.name));
        Assert.Equal([.. DigitModels.Names, "my-network"], presets.Names);
        Assert.Equal(DigitModels.Names, ModelPresets.Default.Names);
    }

    [Fact]
    public void With_TheNameOfAnotherPreset_TakesItsPlace()
    {
        var presets = ModelPresets.Default.With(Own with { Model = DigitModels.Softmax });

        Assert.Equal(DigitModels.Names, presets.Names);
        Assert.Equal("adam", TrainingSettings.Resolve(new Dictionary<string, string>(), 1_000, presets).Optimizer);
    }

    [Fact]
    public void Resolve_OfAnUnknownModel_ListsTheUsersOwn()
    {
        var error = Assert.Throws<TrainingSettingException>(() => TrainingSettings.Resolve(
            new Dictionary<string, string> { ["model"] = "my-netwrok" }, 1_000, ModelPresets.Default.With(Own)));

        Assert.Contains("softmax, lenet, fast, best, my-network, but was 'my-netwrok'", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Did you mean 'my-network'?",
            Assert.Throws<ArgumentException>(() => ModelPresets.Default.With(Own).Find("my-netwrok")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("my network")]
    [InlineData("../network")]
    public void With_ANameThatIsNotUsable_SaysWhichAre(string name) =>
        Assert.Contains(
            "is not a valid model name",
            Assert.Throws<ArgumentException>(() => ModelPresets.Default.With(Own with { Model = name })).Message,
            StringComparison.Ordinal);
}
