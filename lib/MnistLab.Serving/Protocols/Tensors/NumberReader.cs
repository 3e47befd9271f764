using System.Buffers;
using System.Text.Json;
using MnistLab.Models;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>
/// Reads nested lists of numbers in row-major order and determines their shape. The numbers are stored in rented
/// memory, which is returned on disposal.
/// </summary>
/// <param name="expected">The initial capacity, in numbers.</param>
internal sealed class NumberReader(int expected) : IDisposable
{
    private const int MaxDepth = 8;

    private float[] _numbers = [];
    private int _count;

    /// <summary>Gets the numbers read so far.</summary>
    public ReadOnlySpan<float> Numbers => _numbers.AsSpan(0, _count);

    /// <summary>Reads a list, from its opening bracket to its closing bracket.</summary>
    /// <returns>The shape of the list, outermost dimension first.</returns>
    /// <exception cref="RequestRejectedException">Sibling lists differ in length, an element is not a number, or there
    /// are too many numbers.</exception>
    public int[] Read(ref Utf8JsonReader json)
    {
        Span<int> counts = stackalloc int[MaxDepth];
        Span<int> sizes = stackalloc int[MaxDepth];
        sizes.Fill(-1);
        counts[0] = 0;
        var (depth, depthOfNumbers) = (1, -1);
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.Number:
                    if (depthOfNumbers < 0) depthOfNumbers = depth;
                    if (depthOfNumbers != depth)
                        throw TensorErrors.Malformed("Numbers and lists are mixed: all numbers must be nested equally deep.");
                    if (!json.TryGetSingle(out var number)) throw TensorErrors.Malformed("A number is too large.");
                    Add(number);
                    counts[depth - 1]++;
                    break;
                case JsonTokenType.StartArray:
                    if (depth == depthOfNumbers)
                        throw TensorErrors.Malformed("Numbers and lists are mixed: all numbers must be nested equally deep.");
                    if (depth == MaxDepth) throw TensorErrors.Malformed($"Lists are nested more than {MaxDepth} deep.");
                    counts[depth - 1]++;
                    counts[depth++] = 0;
                    break;
                case JsonTokenType.EndArray:
                    depth--;
                    if (sizes[depth] < 0) sizes[depth] = counts[depth];
                    if (sizes[depth] != counts[depth])
                        throw TensorErrors.Malformed(
                            $"Lists at the same level have different lengths: {sizes[depth]} and {counts[depth]}.");
                    if (depth == 0) return sizes[..Math.Max(1, sizes.IndexOf(-1) is var end and >= 0 ? end : MaxDepth)].ToArray();
                    break;
                default:
                    throw TensorErrors.Malformed("A list of numbers has an element that is not a number.");
            }
        }

        throw TensorErrors.Malformed("A list is not closed.");
    }

    public void Dispose() => GiveBack();

    private void GiveBack()
    {
        if (_numbers.Length > 0) ArrayPool<float>.Shared.Return(_numbers);
    }

    private void Add(float number)
    {
        if (_count == ServiceLimits.MaxImages * DigitModel.PixelCount)
            throw TensorErrors.Malformed($"There are more numbers than {ServiceLimits.MaxImages} images have.");
        if (_count == _numbers.Length)
        {
            var larger = ArrayPool<float>.Shared.Rent(Math.Max(expected, 2 * _count));
            Numbers.CopyTo(larger);
            GiveBack();
            _numbers = larger;
        }

        _numbers[_count++] = number;
    }
}
