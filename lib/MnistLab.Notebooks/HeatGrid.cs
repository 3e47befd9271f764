using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Hosting;
using MnistLab.Training.Results;
using static TorchSharp.torch;

namespace MnistLab.Notebooks;

/// <summary>
/// Represents a grid of images of signed numbers, for display in a notebook: red for positive, blue for negative, white
/// for zero.
/// </summary>
public sealed class HeatGrid
{
    private HeatGrid(IReadOnlyList<(float[] Values, string Caption)> pictures, int columns, int size)
    {
        NumberRange.RequireAtLeast(columns, 1);
        NumberRange.RequireAtLeast(size, 1);
        (Pictures, Columns, Size) = (pictures, columns, size);
    }

    /// <summary>
    /// Gets the numbers of each image, row after row, and its caption. The number with the largest absolute value in
    /// the grid gets the full color.
    /// </summary>
    public IReadOnlyList<(float[] Values, string Caption)> Pictures { get; }

    /// <summary>Gets the number of images per row.</summary>
    public int Columns { get; }

    /// <summary>Gets the width of an image on the screen in pixels.</summary>
    public int Size { get; }

    /// <summary>Gets the digits that are drawn under the numbers; null for none.</summary>
    internal IReadOnlyList<DigitImage>? Digits { get; private init; }

    /// <summary>Creates a grid of square images, such as filters of 3 × 3 or feature maps of 26 × 26 numbers.</summary>
    /// <param name="pictures">The numbers of each image, row after row, and a caption.</param>
    /// <param name="columns">The number of images per row, at least 1.</param>
    /// <param name="size">The width of an image on the screen in pixels, at least 1.</param>
    /// <exception cref="ArgumentException">The numbers of an image do not form a square.</exception>
    public static HeatGrid From(IEnumerable<(float[] Values, string Caption)> pictures, int columns = 10, int size = 56)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var all = pictures.ToList();
        return all.Find(picture => SideOf(picture.Values) == 0) is { Values: { } wrong }
            ? throw new ArgumentException(
                $"An image of {wrong.Length} numbers is not a square: pass 9, 784, or another square number of them.",
                nameof(pictures))
            : new HeatGrid(all, columns, size);
    }

    /// <summary>
    /// Creates a grid of the weights of softmax regression: one image per digit with the weight of each pixel. Ink on
    /// red pixels is evidence for the digit, ink on blue pixels against it.
    /// </summary>
    /// <param name="network">
    /// A softmax regression, as <see cref="MnistLab.Training.Networks.DigitModels.SoftmaxRegression"/> creates it.
    /// </param>
    /// <exception cref="ArgumentException">The network is not a softmax regression.</exception>
    public static HeatGrid OfWeights(nn.Module<Tensor, Tensor> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        const int pixels = DigitImage.Side * DigitImage.Side;
        if (!network.state_dict().TryGetValue("linear.weight", out var weights) || weights.shape is not [_, pixels])
            throw new ArgumentException(
                "Only the weights of softmax regression can be shown as images: they have one number per digit and pixel.",
                nameof(network));
        return From(weights.data<float>().ToArray().Chunk(pixels).Select((values, digit) => (values, $"{digit}")), columns: 5, size: 112);
    }

    /// <summary>
    /// Creates a grid of saliency maps: the pixels that a network's predictions depend on, drawn over each image; the
    /// redder, the more.
    /// </summary>
    /// <param name="network">Maps images, float32 [N, 1, 28, 28] in [0, 1], to logits, float32 [N, 10].</param>
    /// <param name="set">The set of the images.</param>
    /// <param name="indices">The indices of the images.</param>
    /// <param name="caption">Returns the caption of the image at an index; null for its label.</param>
    public static HeatGrid OfSaliency(
        nn.Module<Tensor, Tensor> network,
        ImageDataset set,
        IEnumerable<int> indices,
        Func<int, string>? caption = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(indices);
        var all = indices.ToList();
        return new HeatGrid([.. all.Select(
            i => (Saliency.Compute(network, set, i), caption?.Invoke(i) ?? set.LabelName(i)))], columns: 5, size: 112)
        {
            Digits = [.. all.Select(i => DigitImage.FromPixels(set.Image(i)))],
        };
    }

    /// <summary>Returns the captions, row by row.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        Pictures.Select(picture => picture.Caption).Chunk(Columns).Select(row => string.Join(' ', row)));

    /// <summary>Returns the side length of a square image; 0 if the numbers do not form a square.</summary>
    internal static int SideOf(float[] values) =>
        (int)Math.Round(Math.Sqrt(values.Length)) is var side && side * side == values.Length ? side : 0;
}
