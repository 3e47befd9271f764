using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Sources;
using MnistLab.Models;
using MnistLab.Testing;
using MnistLab.Training;
using MnistLab.Training.Networks;
using MnistLab.Training.Onnx;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Tests the purpose of using the same preprocessing for training and serving: a digit is recognized as well in any
/// image of it as in the dataset.
/// </summary>
[Collection("one after the other")]
public sealed class PreprocessingAccuracyTests(FastModel fast, ITestOutputHelper output)
{
    private const double MostPointsLost = 1.5;

    // The skeleton of a hairline and the blot of a marker have lost some of the digit, for people as well.
    private const double MostPointsLostToPens = 6;

    private const double LeastOfCrops = 97;
    private const double LeastOfPhotos = 80;

    [Fact]
    public void Decode_RerenderedDigitsOfTheSample_AreReadAsWellAsTheOriginals()
    {
        using var model = DigitModel.Load(Path.Combine(fast.Package, "model.onnx"));
        Compare(model, TrainedModel.Digits.Test, 400, lostByOriginals: 100 - 94);
    }

    [Fact]
    public void Decode_RerenderedDigitsOfMnist_AreReadAsWellAsTheOriginals()
    {
        if (Environment.GetEnvironmentVariable(DatasetSource.Variable) is not { Length: > 0 } folder)
        {
            Assert.Skip($"{DatasetSource.Variable} is not set.");
            return;
        }

        var mnist = MnistDataset.Load(folder);
        using var temporary = new TemporaryFolder();
        const long Steps = 1500;
        var run = Mox.Run(
            _ => mnist.Train,
            _ => ModelSpec.Classifier(DigitModels.Create(DigitModels.Fast)),
            ModelPreset.Fast.OptimizerFor(Steps),
            batchSize: 96,
            maxNumberOfSteps: Steps,
            log: TextWriter.Null);
        using (var network = run.Network)
            File.WriteAllBytes(temporary["model.onnx"], OnnxExporter.Export(network, "fast"));
        using var model = DigitModel.Load(temporary["model.onnx"]);
        Compare(model, mnist.Test, 1000, lostByOriginals: 0);
    }

    /// <param name="model">A trained model.</param>
    /// <param name="digits">Digits that it was not trained with.</param>
    /// <param name="count">The number of digits to render.</param>
    /// <param name="lostByOriginals">
    /// The percentage of the originals that the model may misread before anything is rendered.
    /// </param>
    private void Compare(DigitModel model, ImageDataset digits, int count, double lostByOriginals)
    {
        var chosen = Enumerable.Range(0, count).Select(i => (int)((long)i * digits.Count / count)).ToArray();
        var worst = new List<string>();
        var originals = new Dictionary<int, double>();
        foreach (var (renderings, allowed, least) in new (IReadOnlyList<Rerendering>, double, double)[]
        {
            (Rerendering.All, MostPointsLost, 0),
            (Rerendering.Pens, MostPointsLostToPens, 0),
            (SceneRenderings.Crops, 100, LeastOfCrops - lostByOriginals),
            (SceneRenderings.Photos, 100, LeastOfPhotos),
        })
        {
            foreach (var rendering in TestSize.Of(renderings, every: 4))
            {
                int[] some = [.. chosen.Where((_, i) => i % rendering.Every == 0)];
                if (!originals.TryGetValue(rendering.Every, out var original))
                {
                    (original, _) = Read(model, digits, some, null, (pixels, _) => DigitImage.FromPixels(pixels));
                    originals.Add(rendering.Every, original);
                }

                Assert.True(original > 94, "The model knows too little to compare anything with.");
                var (right, refused) = Read(
                    model,
                    digits,
                    some,
                    rendering.Refusal,
                    (pixels, i) => DigitImage.Decode(rendering.Render(pixels, i)));
                output.WriteLine(
                    $"{rendering.Name,-45} {right,6:F2}% right, {refused,5:F2}% refused with the reason, of "
                    + $"{some.Length} originals {original,6:F2}%: {right - original,6:+0.00;-0.00;0.00} points");
                if (original - right > allowed || right + refused < least) worst.Add(rendering.Name);
            }
        }

        Assert.Empty(worst);
    }

    /// <summary>
    /// Returns the percentages of digits that are recognized correctly, and that are rejected for the expected reason.
    /// </summary>
    private static (double Right, double Refused) Read(
        DigitModel model, ImageDataset digits, int[] chosen, string? refusal, Func<byte[], int, DigitImage> read)
    {
        var (right, refused) = (0, 0);
        Parallel.ForEach(chosen, i =>
        {
            try
            {
                var logits = model.Run(read(digits.Image(i).ToArray(), i).ToUnitInterval());
                if (Array.IndexOf(logits, logits.Max()) == digits.Label(i)) Interlocked.Increment(ref right);
            }
            catch (DigitImageException exception)
            {
                // A digit that is rejected for another reason counts as misread.
                if (refusal is not null && exception.Message.Contains(refusal, StringComparison.Ordinal))
                    Interlocked.Increment(ref refused);
            }
        });
        return (100.0 * right / chosen.Length, 100.0 * refused / chosen.Length);
    }
}
