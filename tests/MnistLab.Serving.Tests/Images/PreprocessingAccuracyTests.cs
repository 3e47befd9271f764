using MnistLab.Data;
using MnistLab.Testing;
using MnistLab.Training;

namespace MnistLab.Serving.Tests;

/// <summary>What one preprocessing for training and serving is for: a digit is read as well from any picture of it as from the dataset.</summary>
[Collection("one after the other")]
public sealed class PreprocessingAccuracyTests(FastModel fast, ITestOutputHelper output)
{
    private const double MostPointsLost = 1.5;

    // A hairline's skeleton and a marker's blot have lost some of the digit for people too.
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
        using (var network = Mox.Run(_ => mnist.Train, _ => ModelSpec.Classifier(DigitModels.Create(DigitModels.Fast)), ModelPreset.Fast.OptimizerFor(Steps), batchSize: 96, maxNumberOfSteps: Steps, log: TextWriter.Null).Network)
            File.WriteAllBytes(temporary["model.onnx"], OnnxExporter.Export(network, "fast"));
        using var model = DigitModel.Load(temporary["model.onnx"]);
        Compare(model, mnist.Test, 1000, lostByOriginals: 0);
    }

    /// <param name="model">A trained model.</param>
    /// <param name="digits">Digits that it was not trained with.</param>
    /// <param name="count">How many of them are rendered.</param>
    /// <param name="lostByOriginals">How many percent of the originals the model may get wrong before anything is rendered.</param>
    private void Compare(DigitModel model, DigitSet digits, int count, double lostByOriginals)
    {
        var chosen = Enumerable.Range(0, count).Select(i => (int)((long)i * digits.Count / count)).ToArray();
        var worst = new List<string>();
        foreach (var (renderings, allowed, least) in new (IReadOnlyList<Rerendering>, double, double)[]
        {
            (Rerendering.All, MostPointsLost, 0),
            (Rerendering.Pens, MostPointsLostToPens, 0),
            (SceneRenderings.Crops, 100, LeastOfCrops - lostByOriginals),
            (SceneRenderings.Photos, 100, LeastOfPhotos),
        })
        {
            foreach (var rendering in renderings)
            {
                int[] some = [.. chosen.Where((_, i) => i % rendering.Every == 0)];
                var original = Accuracy(model, digits, some, (pixels, _) => DigitImage.FromPixels(pixels));
                Assert.True(original > 94, "The model knows too little to compare anything with.");
                var accuracy = Accuracy(model, digits, some, (pixels, i) => DigitImage.Decode(rendering.Encode(pixels, i)));
                output.WriteLine($"{rendering.Name,-45} {accuracy,6:F2} %, of {some.Length} originals {original,6:F2} %: {accuracy - original,6:+0.00;-0.00;0.00} points");
                if (original - accuracy > allowed || accuracy < least) worst.Add(rendering.Name);
            }
        }

        Assert.Empty(worst);
    }

    private static double Accuracy(DigitModel model, DigitSet digits, int[] chosen, Func<byte[], int, DigitImage> read)
    {
        var right = 0;
        Parallel.ForEach(chosen, i =>
        {
            try
            {
                var logits = model.Run(read(digits.Image(i).ToArray(), i).ToUnitInterval());
                if (Array.IndexOf(logits, logits.Max()) == digits.Label(i)) Interlocked.Increment(ref right);
            }
            catch (DigitImageException)
            {
                // A digit that is refused is not read.
            }
        });
        return 100.0 * right / chosen.Length;
    }
}
