using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using MnistLab.Models;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInference;

/// <summary>
/// Represents an inference request of the Open Inference Protocol, version 2, with the binary tensor extension: the
/// images are either in the JSON or follow it as little-endian float32.
/// </summary>
internal sealed class InferRequest
{
    private readonly ReadOnlyMemory<byte> _binary;
    private string? _name;
    private string? _dataType;
    private int[]? _shape;
    private int? _binarySize;
    private bool _isBinaryDefault;
    private float[]? _numbers;

    private InferRequest(ReadOnlyMemory<byte> binary) => _binary = binary;

    /// <summary>Gets the ID that the response must repeat; null if the request has none.</summary>
    public string? Id { get; private set; }

    /// <summary>Gets the number of images.</summary>
    public int Pictures { get; private set; }

    /// <summary>
    /// Gets the images in order, 784 pixels each. Valid only as long as the request's body, whose memory the pixels may
    /// share.
    /// </summary>
    public ReadOnlySpan<float> Pixels =>
        _numbers is { } numbers ? numbers : MemoryMarshal.Cast<byte, float>(_binary.Span);

    /// <summary>Gets the outputs that the response must contain, and whether each is binary data.</summary>
    public (string Name, bool IsBinary)[] Outputs { get; private set; } = [];

    /// <summary>Reads a request.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="jsonLength">The length of the JSON at the start of the body in bytes; null if the whole body is
    /// JSON.</param>
    /// <exception cref="RequestRejectedException">400: the body is not JSON, or not a valid request.</exception>
    public static InferRequest Read(ReadOnlyMemory<byte> body, int? jsonLength)
    {
        if (jsonLength > body.Length)
            throw TensorErrors.Malformed(
                $"Inference-Header-Content-Length is {jsonLength}, but the body has only {body.Length} bytes.");
        var request = new InferRequest(body[(jsonLength ?? body.Length)..]);
        try
        {
            var json = new Utf8JsonReader(body.Span[..(jsonLength ?? body.Length)]);
            request.ReadRoot(ref json);
        }
        catch (Exception exception) when (TensorErrors.IsJson(exception))
        {
            throw TensorErrors.NotJson(exception);
        }

        return request;
    }

    private void ReadRoot(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw TensorErrors.Malformed("The request must be a JSON object with 'inputs'.");
        var (hasInputs, outputs) = (false, (List<(string Name, bool? IsBinary)>?)null);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("inputs"u8))
            {
                if (hasInputs) throw InferRequestJson.Twice("inputs");
                hasInputs = true;
                json.Read();
                ReadInputs(ref json);
            }
            else if (json.ValueTextEquals("outputs"u8))
            {
                if (outputs is not null) throw InferRequestJson.Twice("outputs");
                json.Read();
                if (json.TokenType != JsonTokenType.Null) outputs = InferRequestJson.ReadOutputs(ref json);
            }
            else if (json.ValueTextEquals("id"u8))
            {
                if (Id is not null) throw InferRequestJson.Twice("id");
                json.Read();
                if (json.TokenType == JsonTokenType.Null) continue;
                if (json.TokenType != JsonTokenType.String) throw TensorErrors.Malformed("'id' must be a string.");
                Id = TensorRules.ValidateId(json.GetString()!);
            }
            else if (json.ValueTextEquals("parameters"u8))
            {
                json.Read();
                InferRequestJson.ReadParameters(ref json, "binary_data_output"u8, out var isBinary, out _);
                _isBinaryDefault = isBinary ?? false;
            }
            else
            {
                // Unknown members, such as the 'model_name' that KServe's client sends, are ignored, as other servers
                // do.
                json.Skip();
            }
        }

        // Reads to the end so that anything after the object is an error.
        while (json.Read()) { }
        if (!hasInputs) throw TensorErrors.Malformed("The request has no 'inputs'.");
        Outputs = outputs is { Count: > 0 }
            ? Chosen(outputs)
            : [.. ModelSignature.Outputs.Select(output => (output, _isBinaryDefault))];
    }

    private (string Name, bool IsBinary)[] Chosen(List<(string Name, bool? IsBinary)> outputs)
    {
        var chosen = new (string Name, bool IsBinary)[outputs.Count];
        for (var i = 0; i < chosen.Length; i++) chosen[i] = (outputs[i].Name, outputs[i].IsBinary ?? _isBinaryDefault);
        return chosen;
    }

    private void ReadInputs(ref Utf8JsonReader json)
    {
        const string One = "'inputs' must be a list of one tensor, 'images'.";
        if (json.TokenType != JsonTokenType.StartArray || !json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw TensorErrors.Malformed(One);
        using var numbers = new NumberReader(DigitModel.PixelCount);
        int[]? shapeOfData = null;
        var hasData = false;
        var dataAhead = json;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8)) InferRequestJson.ReadText(ref json, ref _name, "name");
            else if (json.ValueTextEquals("datatype"u8)) InferRequestJson.ReadText(ref json, ref _dataType, "datatype");
            else if (json.ValueTextEquals("shape"u8))
            {
                if (_shape is not null) throw InferRequestJson.Twice("shape");
                json.Read();
                _shape = InferRequestJson.ReadShape(ref json);
            }
            else if (json.ValueTextEquals("data"u8))
            {
                if (hasData) throw InferRequestJson.Twice("data");
                json.Read();
                if (json.TokenType == JsonTokenType.Null) continue;
                hasData = true;
                if (_dataType is not null)
                {
                    shapeOfData = ReadData(ref json, numbers);
                }
                else
                {
                    // The data type, which decides how to read the data, may follow later.
                    dataAhead = json;
                    json.Skip();
                }
            }
            else if (json.ValueTextEquals("parameters"u8))
            {
                json.Read();
                InferRequestJson.ReadParameters(ref json, "binary_data_size"u8, out _, out _binarySize);
            }
            else json.Skip();
        }

        json.Read();
        if (json.TokenType != JsonTokenType.EndArray) throw TensorErrors.Malformed(One);
        if (hasData && shapeOfData is null) shapeOfData = ReadData(ref dataAhead, numbers);
        Take(numbers.Numbers, shapeOfData);
    }

    private int[] ReadData(ref Utf8JsonReader json, NumberReader numbers)
    {
        TensorRules.ValidateDataType(_dataType);
        if (json.TokenType != JsonTokenType.StartArray)
            throw TensorErrors.Malformed("'data' must be a list of numbers, flat or nested as in 'shape'.");
        return numbers.Read(ref json);
    }

    private void Take(ReadOnlySpan<float> numbers, int[]? shapeOfData)
    {
        var count = TensorRules.ValidateInput(_name, _dataType, _shape);
        var expected = count * DigitModel.PixelCount;
        if (_binarySize is { } size)
        {
            if (shapeOfData is not null)
                throw TensorErrors.Malformed("An input must have either 'data' or 'binary_data_size', not both.");
            if (size != expected * sizeof(float))
                throw TensorErrors.Malformed(
                    $"'binary_data_size' is {size}, but {count} × 784 float32 values take "
                    + $"{expected * sizeof(float)} bytes.");
            if (_binary.Length != size)
                throw TensorErrors.Malformed(
                    $"The JSON is followed by {_binary.Length} bytes, but 'binary_data_size' is {size}. Set the header "
                    + "Inference-Header-Content-Length to the length of the JSON in bytes.");
        }
        else
        {
            if (shapeOfData is null)
                throw TensorErrors.Malformed(
                    "An input needs 'data', or 'binary_data_size' and the bytes after the JSON.");
            if (_binary.Length > 0)
                throw TensorErrors.Malformed(
                    $"The JSON is followed by {_binary.Length} bytes that belong to no input.");
            if (shapeOfData.Length > 1 ? !shapeOfData.AsSpan().SequenceEqual(_shape) : shapeOfData[0] != expected)
                throw TensorErrors.Malformed(
                    $"'data' has the shape {PictureShape.Describe(shapeOfData)}; it must be flat, or nested as in "
                    + $"'shape': {PictureShape.Describe(_shape)}.");
        }

        Pictures = count;
        if (_binarySize is null) _numbers = numbers.ToArray();
        else if (!BitConverter.IsLittleEndian) _numbers = FromLittleEndian(_binary.Span);
        PixelRange.Check(Pixels);
    }

    private static float[] FromLittleEndian(ReadOnlySpan<byte> bytes)
    {
        var numbers = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        return numbers;
    }
}
