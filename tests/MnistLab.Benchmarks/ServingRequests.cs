using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;

namespace MnistLab.Benchmarks;

/// <summary>Creates the requests with which the service is measured.</summary>
internal static class ServingRequests
{
    /// <summary>An image as a form sends it.</summary>
    public static byte[] Multipart(byte[] png) => Request(
        "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=------------------------d74496d66958873e",
        [.. "--------------------------d74496d66958873e\r\nContent-Disposition: form-data; name=\"images\"; filename=\"digit.png\"\r\nContent-Type: image/png\r\n\r\n"u8,
            .. png,
            .. "\r\n--------------------------d74496d66958873e--\r\n"u8]);

    public static byte[] Binary(float[] pixels)
    {
        var json =
            """{"inputs":[{"name":"images","shape":[1,1,28,28],"datatype":"FP32","parameters":{"binary_data_size":3136}}],"outputs":[{"name":"logits","parameters":{"binary_data":true}}]}"""u8;
        var body = new byte[json.Length + (4 * pixels.Length)];
        json.CopyTo(body);
        for (var i = 0; i < pixels.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(body.AsSpan(json.Length + (4 * i)), pixels[i]);
        return Request(
            $"POST /v2/models/digits/infer HTTP/1.1\r\nInference-Header-Content-Length: {json.Length}\r\nContent-Type: application/octet-stream",
            body);
    }

    public static byte[] Message(float[] pixels) => new ModelInferRequest
    {
        ModelName = "digits",
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "images", Datatype = "FP32", Shape = { 1, 1, 28, 28 } } },
        Outputs = { new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "logits" } },
        RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes(pixels.AsSpan())) },
    }.ToByteArray();

    private static byte[] Request(string head, byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"{head}\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
}
