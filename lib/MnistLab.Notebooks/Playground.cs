using System.IO.Compression;
using System.Text.Json;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Notebooks.Display;
using MnistLab.Notebooks.Texts;

namespace MnistLab.Notebooks;

/// <summary>
/// Represents softmax regression that trains in the reader's browser: sliders for the learning rate, the batch size,
/// and the number of training images, the loss and the accuracy, the weights of each digit, and a pad to draw on. The
/// output is a single HTML fragment that contains the digits: it needs neither a kernel nor a network.
/// </summary>
public sealed class Playground
{
    private const int LearnedPerDigit = 40;
    private const int HeldOutPerDigit = 20;
    private static readonly string[] Scripts = ["softmax.js", "pad.js", "texts.js", "playground.js"];

    private readonly ImageDataset _learned;
    private readonly ImageDataset _heldOut;
    private readonly string? _language;

    private Playground(ImageDataset learned, ImageDataset heldOut, string? language) =>
        (_learned, _heldOut, _language) = (learned, heldOut, language);

    /// <summary>Creates a playground with up to 40 training images and 20 held-out images of each digit.</summary>
    /// <param name="train">The set to take the training images from, 28 × 28 pixels.</param>
    /// <param name="heldOut">
    /// The set to take the held-out images from, 28 × 28 pixels; it must not overlap <paramref name="train"/>.
    /// </param>
    /// <param name="language">
    /// The initial language, <c>en</c> or <c>zh</c>; null for that of the lab. The reader can switch.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A set is empty or its images do not have that size, or the language is not supported.
    /// </exception>
    public static Playground From(ImageDataset train, ImageDataset heldOut, string? language = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(heldOut);
        if (language is not (null or "en" or "zh"))
            throw new ArgumentException($"The language must be 'en' or 'zh', but was '{language}'.", nameof(language));
        return new Playground(
            Some(train, LearnedPerDigit, nameof(train)), Some(heldOut, HeldOutPerDigit, nameof(heldOut)), language);
    }

    /// <summary>Returns the text for front ends without HTML.</summary>
    public override string ToString() => TrainingTexts.Playground;

    internal string ToHtml()
    {
        // A page may contain several playgrounds, so each has its own identifier.
        var id = Guid.NewGuid().ToString("N");
        var options = JsonSerializer.Serialize(new
        {
            id,
            language = _language ?? DisplayText.Language,
            markup = EmbeddedFile.Read("playground.html"),
            style = EmbeddedFile.Read("playground.css"),
            digits = Convert.ToBase64String(Pack()),
            learnedCount = _learned.Count,
            heldOutCount = _heldOut.Count,
        });
        return $$"""
            <div data-mnistlab-playground="{{id}}"><p>{{TrainingTexts.NoScripts}}</p></div>
            <script>
            (() => {
            "use strict";
            {{string.Join("\n", Scripts.Select(EmbeddedFile.Read))}}
            startPlaygrounds({{options}});
            })();
            </script>
            """;
    }

    // Labels, then pixels with 16 levels of gray, two per byte: 60 KB for 600 digits, without a visible difference.
    private byte[] Pack()
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            foreach (var set in new[] { _learned, _heldOut }) deflate.Write(set.Labels.Span);
            foreach (var set in new[] { _learned, _heldOut })
                deflate.Write([.. set.Pixels.ToArray().Chunk(2).Select(pair => (byte)((Level(pair[0]) << 4) | Level(pair[1])))]);
        }

        return packed.ToArray();
    }

    private static int Level(byte pixel) => (int)Math.Round(pixel / 17.0);

    // Takes one image of each digit in turn, so that any prefix of the set is balanced.
    private static ImageDataset Some(ImageDataset set, int perDigit, string parameter)
    {
        if (set.Count == 0 || set.Rows != DigitImage.Side || set.Columns != DigitImage.Side)
        {
            throw new ArgumentException(
                $"The playground needs images of {DigitImage.Side} × {DigitImage.Side} pixels, "
                + $"but the set has {set.Count} of {set.Rows} × {set.Columns}.",
                parameter);
        }

        var places = Enumerable.Range(0, set.Count).GroupBy(set.Label)
            .SelectMany(digit => digit.Take(perDigit).Select((index, turn) => (index, turn, digit.Key)));
        return set.Subset([.. places.OrderBy(place => place.turn).ThenBy(place => place.Key).Select(place => place.index)]);
    }
}
