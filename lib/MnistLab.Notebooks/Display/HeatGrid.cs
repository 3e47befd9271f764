using MnistLab.Data;
using MnistLab.Hosting;
using MnistLab.Training;
using static TorchSharp.torch;

namespace MnistLab.Notebooks;

/// <summary>Pictures of numbers that can be negative, side by side, for a notebook to show: red for positive, blue for negative, white for zero.</summary>
public sealed class HeatGrid
{
    private HeatGrid(IReadOnlyList<(float[] Values, string Caption)> pictures, int columns) => (Pictures, Columns) = (pictures, columns);

    /// <summary>For each picture 28 × 28 numbers, row after row, and what stands below it. Of a grid, the number farthest from zero has the full colour.</summary>
    public IReadOnlyList<(float[] Values, string Caption)> Pictures { get; }

    /// <summary>How many stand in a row.</summary>
    public int Columns { get; }

    /// <summary>Pictures of your own.</summary>
    /// <param name="pictures">For each, 28 × 28 numbers and a caption.</param>
    /// <param name="columns">How many stand in a row, at least 1.</param>
    /// <exception cref="ArgumentException">A picture has another number of numbers.</exception>
    public static HeatGrid Of(IEnumerable<(float[] Values, string Caption)> pictures, int columns = 10)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        NumberRange.RequireAtLeast(columns, 1);
        var all = pictures.ToList();
        return all.Find(picture => picture.Values.Length != DigitImage.Side * DigitImage.Side) is { Values: { } wrong }
            ? throw new ArgumentException($"A picture has {DigitImage.Side} × {DigitImage.Side} numbers, not {wrong.Length}.", nameof(pictures))
            : new HeatGrid(all, columns);
    }

    /// <summary>What softmax regression has learned: the weight of each pixel for each digit. Ink where it is red speaks for the digit, ink where it is blue against it.</summary>
    /// <param name="network">Softmax regression, as <see cref="DigitModels.SoftmaxRegression"/> makes it.</param>
    /// <exception cref="ArgumentException">It is another network: what its weights mean cannot be seen like this.</exception>
    public static HeatGrid OfWeights(nn.Module<Tensor, Tensor> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        const int pixels = DigitImage.Side * DigitImage.Side;
        if (!network.state_dict().TryGetValue("linear.weight", out var weights) || weights.shape is not [DigitSet.ClassCount, pixels])
            throw new ArgumentException("Only the weights of softmax regression can be seen as pictures: they are one number per digit and pixel.", nameof(network));
        return Of(weights.data<float>().ToArray().Chunk(pixels).Select((values, digit) => (values, $"{digit}")));
    }

    /// <summary>Which pixels a network's predictions hang on: each image's saliency, with its label.</summary>
    public static HeatGrid OfSaliency(nn.Module<Tensor, Tensor> network, DigitSet set, IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(indices);
        return Of(indices.Select(i => (Saliency.Of(network, set, i), $"{set.Label(i)}")));
    }

    /// <summary>The captions, row by row.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Pictures.Select(picture => picture.Caption).Chunk(Columns).Select(row => string.Join(' ', row)));
}
