using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MnistLab.Models;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Represents a <c>ModelInferRequest</c>, with the pixels in <c>raw_input_contents</c> or <c>fp32_contents</c>.
/// </summary>
internal sealed class InferMessage
{
    private float[] _pixels = [];
    private int _pixelCount;

    private InferMessage()
    {
    }

    /// <summary>Gets the name of the model.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Gets the version of the model; empty to choose a version by weight.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Gets the ID that the response must repeat; empty if the request has none.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Gets the number of images.</summary>
    public int Images { get; private set; }

    /// <summary>Gets the images in order, 784 pixels each.</summary>
    public ReadOnlySpan<float> Pixels => _pixels.AsSpan(0, _pixelCount);

    /// <summary>Gets the names of the outputs that the response must contain.</summary>
    public IReadOnlyList<string> Outputs { get; private set; } = ModelSignature.Outputs;

    /// <summary>
    /// Gets whether the pixels were sent as <c>raw_input_contents</c>; the outputs must then be raw as well.
    /// </summary>
    public bool IsRaw { get; private set; }

    /// <summary>Gets the error if the request is invalid; otherwise null.</summary>
    public RequestRejectedException? Rejection { get; private set; }

    /// <summary>
    /// Gets whether the bytes are a well-formed message; if not, even <see cref="Model"/> may be missing.
    /// </summary>
    public bool IsReadable { get; private set; } = true;

    /// <summary>
    /// Reads a message. Errors are stored in <see cref="Rejection"/> rather than thrown, so that the call can be
    /// rejected with them.
    /// </summary>
    public static InferMessage Read(ReadOnlySequence<byte> message)
    {
        var request = new InferMessage();
        var rented = message.IsSingleSegment ? null : ArrayPool<byte>.Shared.Rent((int)message.Length);
        try
        {
            if (rented is not null) message.CopyTo(rented);
            request.Read(rented is null ? message.FirstSpan : rented.AsSpan(0, (int)message.Length));
        }
        catch (RequestRejectedException rejection)
        {
            request.Rejection = rejection;
        }
        catch (InvalidDataException exception)
        {
            request.IsReadable = false;
            request.Rejection = TensorErrors.Malformed(
                $"The message is not a ModelInferRequest: {exception.Message}.", exception);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }

        return request;
    }

    /// <summary>Returns the memory of the pixels to the pool; <see cref="Pixels"/> is empty afterwards.</summary>
    public void Release()
    {
        if (_pixels.Length > 0) ArrayPool<float>.Shared.Return(_pixels);
        (_pixels, _pixelCount) = ([], 0);
    }

    private void Read(ReadOnlySpan<byte> message)
    {
        var (inputs, raws, outputs) = (0, 0, (List<string>?)null);
        ReadOnlySpan<byte> input = default, raw = default;
        for (var reader = new WireReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case ModelInferRequest.ModelNameFieldNumber:
                    Model = reader.ReadText();
                    break;
                case ModelInferRequest.ModelVersionFieldNumber:
                    Version = reader.ReadText();
                    break;
                case ModelInferRequest.IdFieldNumber:
                    Id = TensorRules.ValidateId(reader.ReadText());
                    break;
                case ModelInferRequest.InputsFieldNumber:
                    input = reader.ReadBytes();
                    inputs++;
                    break;
                case ModelInferRequest.OutputsFieldNumber:
                    ReadOutput(reader.ReadBytes(), outputs ??= new List<string>(1));
                    break;
                case ModelInferRequest.RawInputContentsFieldNumber:
                    raw = reader.ReadBytes();
                    raws++;
                    break;
                default:
                    // Parameters are for other programs and are ignored.
                    reader.Skip();
                    break;
            }
        }

        if (inputs != 1)
            throw TensorErrors.Malformed($"'inputs' must be a list of one tensor, 'images', but has {inputs}.");
        if (raws > 1) throw TensorErrors.Malformed($"'raw_input_contents' has {raws} elements, but 'inputs' has one.");
        IsRaw = raws == 1;
        if (outputs is not null) Outputs = outputs;
        ReadInput(input, raw);
    }

    private static void ReadOutput(ReadOnlySpan<byte> output, List<string> outputs)
    {
        if (outputs.Count == TensorRules.MaxOutputs)
            throw TensorErrors.Malformed($"'outputs' has more than {TensorRules.MaxOutputs} elements.");
        string? name = null;
        for (var reader = new WireReader(output); reader.Next();)
        {
            if (reader.Field == ModelInferRequest.Types.InferRequestedOutputTensor.NameFieldNumber)
                name = reader.ReadText();
            else
                reader.Skip();
        }

        outputs.Add(TensorRules.ValidateOutput(name, name is not null && outputs.Contains(name)));
    }

    private void ReadInput(ReadOnlySpan<byte> input, ReadOnlySpan<byte> raw)
    {
        var (name, dataType, hasContents) = ("", "", false);
        var shape = new List<long>(4);
        ReadOnlySpan<byte> contents = default;
        for (var reader = new WireReader(input); reader.Next();)
        {
            switch (reader.Field)
            {
                case ModelInferRequest.Types.InferInputTensor.NameFieldNumber:
                    name = reader.ReadText();
                    break;
                case ModelInferRequest.Types.InferInputTensor.DatatypeFieldNumber:
                    dataType = reader.ReadText();
                    break;
                case ModelInferRequest.Types.InferInputTensor.ShapeFieldNumber:
                    reader.ReadIntegers(shape, TensorRules.MaxDimensions);
                    break;
                case ModelInferRequest.Types.InferInputTensor.ContentsFieldNumber:
                    if (hasContents) throw TensorErrors.Malformed("'contents' is given twice.");
                    contents = reader.ReadBytes();
                    hasContents = true;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        Images = TensorRules.ValidateInput(name, dataType.Length > 0 ? dataType : null, Sizes(shape));
        var expected = Images * DigitModel.PixelCount;
        _pixels = ArrayPool<float>.Shared.Rent(expected);
        if (IsRaw)
        {
            if (!contents.IsEmpty)
                throw TensorErrors.Malformed("An input must have either 'contents' or 'raw_input_contents', not both.");
            if (raw.Length != expected * sizeof(float))
            {
                throw TensorErrors.Malformed(
                    $"'raw_input_contents' has {raw.Length} bytes, but {Images} × 784 float32 values take {expected * sizeof(float)}.");
            }

            TakeBytes(raw);
        }
        else
        {
            ReadContents(contents);
            if (_pixelCount != expected)
                throw TensorErrors.Malformed($"'fp32_contents' has {_pixelCount} numbers, but {Images} × 784 pixels are {expected}.");
        }

        PixelRange.Check(Pixels);
    }

    private void ReadContents(ReadOnlySpan<byte> contents)
    {
        for (var reader = new WireReader(contents); reader.Next();)
        {
            if (reader.Field is > InferTensorContents.BytesContentsFieldNumber)
            {
                reader.Skip();
                continue;
            }

            if (reader.Field != InferTensorContents.Fp32ContentsFieldNumber)
                throw TensorErrors.Malformed($"The pixels must be in 'fp32_contents', because their datatype is {TensorRules.DataType}.");
            if (reader.Type != WireReader.WireType.Fixed32) TakeBytes(reader.ReadBytes());
            else if (_pixelCount < _pixels.Length) _pixels[_pixelCount++] = reader.ReadSingle();
            else throw TooMany();
        }
    }

    private void TakeBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(float) != 0) throw new InvalidDataException("a float is truncated");
        var numbers = bytes.Length / sizeof(float);
        if (numbers > _pixels.Length - _pixelCount) throw TooMany();
        var target = _pixels.AsSpan(_pixelCount, numbers);
        if (BitConverter.IsLittleEndian)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(target));
        }
        else
        {
            for (var i = 0; i < numbers; i++)
                target[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        _pixelCount += numbers;
    }

    private RequestRejectedException TooMany() =>
        TensorErrors.Malformed($"'fp32_contents' has more than {Images} × 784 numbers.");

    private static int[]? Sizes(List<long> shape)
    {
        if (shape.Count == 0) return null;
        var sizes = new int[shape.Count];
        for (var i = 0; i < sizes.Length; i++)
        {
            if (shape[i] is < 0 or > int.MaxValue)
                throw TensorErrors.Malformed("'shape' must be a list of non-negative integers.");
            sizes[i] = (int)shape[i];
        }

        return sizes;
    }
}
