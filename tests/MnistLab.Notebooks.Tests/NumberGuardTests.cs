using System.Globalization;
using MnistLab.Client;
using MnistLab.Data.Datasets;
using MnistLab.Data.Idx;
using MnistLab.Data.Images;
using MnistLab.Models;
using MnistLab.Notebooks.Display;

namespace MnistLab.Notebooks.Tests;

/// <summary>
/// Tests that messages about numbers are the same in every culture, here with a different minus sign (sv-SE).
/// </summary>
public sealed class NumberGuardTests
{
    [Fact]
    public void Guards_InAnotherCulture_SayTheSame()
    {
        var digits = new ImageDataset(new byte[784], [0], 28, 28);
        using var client = new PredictionClient(new Uri("http://localhost/"));
        Action[] guards =
        [
            () => _ = new DatasetFile(DatasetFileRole.TrainImages, "name", -1, ""),
            () => _ = new ImageDataset([], [], -1, 1),
            () => _ = new ImageDataset([], [], 1, -1),
            () => digits.Image(-1),
            () => IdxReader.Open(Stream.Null, "name", -1),
            () => _ = new Sketch(-1, 1, 1),
            () => _ = new Sketch(1, -1, 1),
            () => _ = new Sketch(1, 1, -0.5f),
            () => new Sketch(1, 1, 1).Digit(DigitImage.FromPixels(new byte[784]), 0, 0, -0.5f),
            () => _ = new LiveTraining(-1),
            () => PixelTable.From(new byte[784], -1),
            () => Prediction.FromLogits([1], -1),
            () => client.PredictBatchAsync([], -1).GetAwaiter().GetResult(),
            () => LoadMeasurement.MakeAsync(client, [[1]], -1, 1).GetAwaiter().GetResult(),
            () => LoadMeasurement.MakeAsync(client, [[1]], 1, -1).GetAwaiter().GetResult(),
            () => RequestLoad.Start(client, [[1]], -1),
        ];

        Assert.All(guards, guard =>
        {
            var message = MessageIn("", guard);
            Assert.Contains("was -", message, StringComparison.Ordinal);
            Assert.Equal(message, MessageIn("sv-SE", guard));
        });
    }

    private static string MessageIn(string culture, Action guard)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            return Assert.ThrowsAny<ArgumentException>(guard).Message;
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
