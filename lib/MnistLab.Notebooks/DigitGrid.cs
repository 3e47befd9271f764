using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Hosting;

namespace MnistLab.Notebooks;

/// <summary>Represents a grid of digits with captions, for display in a notebook.</summary>
public sealed class DigitGrid
{
    private DigitGrid(IReadOnlyList<(DigitImage Image, string Caption)> digits, int columns) => (Digits, Columns) = (digits, columns);

    /// <summary>Gets the images and their captions.</summary>
    public IReadOnlyList<(DigitImage Image, string Caption)> Digits { get; }

    /// <summary>Gets the number of images per row.</summary>
    public int Columns { get; }

    /// <summary>Creates a grid of digits of a set, captioned with their labels.</summary>
    /// <param name="set">The set.</param>
    /// <param name="indices">The indices of the digits.</param>
    /// <param name="columns">The number of images per row, at least 1.</param>
    /// <param name="caption">Returns the caption of the digit at an index; null for its label.</param>
    public static DigitGrid From(ImageDataset set, IEnumerable<int> indices, int columns = 10, Func<int, string>? caption = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(indices);
        NumberRange.RequireAtLeast(columns, 1);
        return new DigitGrid(
            [.. indices.Select(i => (DigitImage.FromPixels(set.Image(i)), caption?.Invoke(i) ?? set.LabelName(i)))],
            columns);
    }

    /// <summary>Creates a grid of images with custom captions.</summary>
    public static DigitGrid From(IEnumerable<(DigitImage Image, string Caption)> digits, int columns = 10) => new([.. digits], columns);

    /// <summary>Returns the captions, row by row.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine, Digits.Select(digit => digit.Caption).Chunk(Columns).Select(row => string.Join(' ', row)));
}
