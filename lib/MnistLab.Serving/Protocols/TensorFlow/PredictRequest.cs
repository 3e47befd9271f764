using System.Text.Json;
using MnistLab.Models;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.TensorFlow;

/// <summary>
/// Represents a predict request of TensorFlow Serving's REST API: <c>instances</c> (a list of images) or <c>inputs</c>
/// (one tensor of all images). An image is either 28 × 28 numbers or <c>{"b64":"…"}</c>, an image file in Base64.
/// </summary>
/// <param name="IsRows">Whether the request used <c>instances</c> (row format); the response then has the same
/// format.</param>
/// <param name="Pictures">The images, in order.</param>
internal sealed record PredictRequest(bool IsRows, IReadOnlyList<PredictRequest.Picture> Pictures)
{
    private const string Signature = "serving_default";

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestRejectedException">400: the body is not JSON, or not a valid request.</exception>
    public static PredictRequest Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            return Read(ref json);
        }
        catch (Exception exception) when (TensorErrors.IsJson(exception))
        {
            throw TensorErrors.NotJson(exception);
        }
    }

    private static PredictRequest Read(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw TensorErrors.Malformed("The request must be a JSON object with 'instances' or 'inputs'.");
        PredictRequest? request = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            switch (name)
            {
                case "signature_name":
                    // An empty name means the default signature.
                    if (json.TokenType != JsonTokenType.String || !(json.ValueTextEquals(Signature) || json.ValueTextEquals(""u8)))
                        throw TensorErrors.Malformed($"The only signature_name is '{Signature}'.");
                    break;
                case "instances" or "inputs":
                    if (request is not null)
                        throw TensorErrors.Malformed("The request must have exactly one of 'instances' and 'inputs', once.");
                    request = name == "instances"
                        ? new PredictRequest(true, ReadInstances(ref json))
                        : new PredictRequest(false, ReadInputs(ref json));
                    if (request.Pictures.Count is < 1 or > ServiceLimits.MaxImages)
                        throw TensorErrors.Malformed(
                            $"A request must hold 1 to {ServiceLimits.MaxImages} images, but holds {request.Pictures.Count}.");
                    break;
                default:
                    // Unknown members are ignored, as TensorFlow Serving does.
                    json.Skip();
                    break;
            }
        }

        // Reads to the end so that anything after the object is an error.
        while (json.Read()) { }
        return request ?? throw TensorErrors.Malformed("The request must have one of 'instances' and 'inputs'.");
    }

    private static List<Picture> ReadInstances(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw TensorErrors.Malformed("'instances' must be a list of images.");
        var pictures = new List<Picture>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (pictures.Count == ServiceLimits.MaxImages)
                throw TensorErrors.Malformed($"'instances' holds more than {ServiceLimits.MaxImages} images.");
            pictures.Add(ReadPicture(ref json, mayBeNamed: true));
        }

        return pictures;
    }

    private static Picture ReadPicture(ref Utf8JsonReader json, bool mayBeNamed)
    {
        if (json.TokenType == JsonTokenType.StartObject) return ReadObject(ref json, mayBeNamed);
        if (json.TokenType != JsonTokenType.StartArray)
            throw TensorErrors.Malformed("An image must be a list of 28 × 28 numbers, or {\"b64\":\"…\"}.");
        using var numbers = new NumberReader(DigitModel.PixelCount);
        var shape = numbers.Read(ref json);
        if (!PictureShape.IsPicture(shape))
            throw TensorErrors.Malformed(
                $"An image must have the shape [28, 28], [1, 28, 28], [28, 28, 1], or [784], but one has {PictureShape.Describe(shape)}.");
        PixelRange.Check(numbers.Numbers);
        return new Picture(numbers.Numbers.ToArray(), null);
    }

    private static Picture ReadObject(ref Utf8JsonReader json, bool mayBeNamed)
    {
        json.Read();
        Picture picture;
        if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("b64"u8))
        {
            json.Read();
            if (json.TokenType != JsonTokenType.String || !json.TryGetBytesFromBase64(out var file))
                throw TensorErrors.Malformed("The value of 'b64' must be an image file in Base64.");
            picture = new Picture(null, file);
        }
        else if (mayBeNamed && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(ModelSignature.Input))
        {
            json.Read();
            picture = ReadPicture(ref json, mayBeNamed: false);
        }
        else
        {
            throw TensorErrors.Malformed($"An image given as an object must be {{\"b64\":\"…\"}} or {{\"{ModelSignature.Input}\":…}}.");
        }

        json.Read();
        return json.TokenType == JsonTokenType.EndObject
            ? picture
            : throw TensorErrors.Malformed("An image given as an object must have exactly one member.");
    }

    private static List<Picture> ReadInputs(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) return ReadTensor(ref json);
        var start = json;
        json.Read();
        if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("b64"u8))
        {
            json = start;
            return [ReadObject(ref json, mayBeNamed: false)];
        }

        if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals(ModelSignature.Input))
            throw TensorErrors.Malformed($"The only input is '{ModelSignature.Input}'.");
        json.Read();
        var pictures = json.TokenType == JsonTokenType.StartObject ? [ReadObject(ref json, mayBeNamed: false)] : ReadTensor(ref json);
        json.Read();
        return json.TokenType == JsonTokenType.EndObject
            ? pictures
            : throw TensorErrors.Malformed($"The only input is '{ModelSignature.Input}', once.");
    }

    private static List<Picture> ReadTensor(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw TensorErrors.Malformed("'inputs' must be a tensor of images: nested lists of numbers, or a list of {\"b64\":\"…\"}.");
        var ahead = json;
        if (ahead.Read() && ahead.TokenType == JsonTokenType.StartObject) return ReadInstances(ref json);
        using var numbers = new NumberReader(DigitModel.PixelCount);
        var count = PictureShape.PicturesIn(numbers.Read(ref json));
        PixelRange.Check(numbers.Numbers);
        var pictures = new List<Picture>(count);
        for (var i = 0; i < count; i++)
            pictures.Add(new Picture(numbers.Numbers.Slice(i * DigitModel.PixelCount, DigitModel.PixelCount).ToArray(), null));
        return pictures;
    }

    /// <summary>Represents one image, given as pixels or as a file.</summary>
    internal readonly record struct Picture(float[]? Pixels, byte[]? File)
    {
        /// <summary>Returns the pixels; those of a file are computed by the inference code's preprocessing.</summary>
        public float[] Read(CustomService service) => Pixels ?? service.Preprocess(InferencePipeline.Open(File));
    }
}
