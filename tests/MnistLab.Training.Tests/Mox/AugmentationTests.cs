using MnistLab.Training.Inputs;
using MnistLab.Training.Networks;

using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class AugmentationTests
{
    [Fact]
    public void Apply_OfNoStrength_LeavesThePictures()
    {
        using var scope = NewDisposeScope();
        var images = rand(4, 1, 28, 28);

        Assert.True(new AffineAugmentation(0).Apply(images).allclose(images, atol: 1e-5));
    }

    [Fact]
    public void Apply_OfOne_MovesEachPictureALittle()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1).Dispose();
        // A spot of ink in the middle of each image.
        var images = zeros(200, 1, 28, 28);
        images.slice(2, 12, 16, 1).slice(3, 12, 16, 1).fill_(1);

        var changed = new AffineAugmentation(1).Apply(images);

        Assert.Equal(images.shape, changed.shape);
        var ink = changed.sum([1, 2, 3]).data<float>().ToArray();
        // The 16 pixels of ink are scaled by up to a tenth in each direction.
        Assert.All(ink, sum => Assert.InRange(sum, 16 / 1.25, 16 * 1.25));
        var rows = (changed.sum([1, 3]) * arange(28)).sum(1).div(changed.sum([1, 2, 3])).data<float>().ToArray();
        Assert.All(rows, row => Assert.InRange(row, 13.5 - 2.5, 13.5 + 2.5));
        Assert.InRange(rows.Max() - rows.Min(), 2, 5);
    }

    [Fact]
    public async Task Apply_WhileTheGarbageCollectorRuns_ComputesTheSame()
    {
        await using var collections = new GarbageCollections();
        using var scope = NewDisposeScope();
        var images = rand(2, 1, 28, 28);
        for (var i = 0; i < 3_000; i++)
        {
            using var step = NewDisposeScope();
            Assert.True(new AffineAugmentation(0).Apply(images).allclose(images, atol: 1e-5));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Strength_ThatIsNone_IsRefused(double strength) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AffineAugmentation(strength));

    [Fact]
    public void Preset_OfEachModel_CanBeTrained()
    {
        foreach (var preset in ModelPreset.All)
        {
            var result = Mox.Run(
                _ => Digits.Few,
                _ => ModelSpec.Classifier(DigitModels.Create(preset.Model)),
                preset.OptimizerFor(4),
                batchSize: 20,
                maxNumberOfSteps: 4,
                augmentation: preset.Augmenter,
                log: TextWriter.Null);
            result.Network.Dispose();
            Assert.True(double.IsFinite(result.Reports[^1].Loss));
        }

        Assert.Equal(DigitModels.Names, ModelPreset.All.Select(preset => preset.Model));
    }

    [Fact]
    public void Preset_OfTheTutorial_HasItsThousandSteps() => Assert.Equal(1000, ModelPreset.Softmax.Steps(55_000));
}
