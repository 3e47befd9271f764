using System.Buffers.Binary;
using Google.Protobuf;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Protocols.Tensors;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Creates the response of <c>ModelInfer</c>: outputs are raw bytes if the request's pixels were raw, and typed
/// otherwise.
/// </summary>
internal static class InferReply
{
    public static ModelInferResponse Create(ServedVersion model, InferMessage request, Inference inference)
    {
        var response = new ModelInferResponse
        {
            ModelName = model.Model,
            ModelVersion = model.Version.ToString(),
            Id = request.Id,
        };
        var (images, labels) = (inference.Logits.Length, inference.Logits[0].Length);
        foreach (var name in request.Outputs)
        {
            var isLabel = name == ModelSignature.Label;
            var output = new ModelInferResponse.Types.InferOutputTensor
            {
                Name = name,
                Datatype = isLabel ? "INT64" : TensorRules.DataType,
            };
            output.Shape.Add(images);
            if (!isLabel) output.Shape.Add(labels);
            response.Outputs.Add(output);
            if (request.IsRaw)
            {
                var bytes = isLabel ? Labels(inference) : Rows(name, inference);
                response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(bytes));
            }
            else
            {
                output.Contents = Contents(name, inference);
            }
        }

        return response;
    }

    private static InferTensorContents Contents(string name, Inference inference)
    {
        var contents = new InferTensorContents();
        for (var i = 0; i < inference.Logits.Length; i++)
        {
            if (name == ModelSignature.Label) contents.Int64Contents.Add(inference.Label(i));
            else contents.Fp32Contents.AddRange(inference.Row(name, i));
        }

        return contents;
    }

    private static byte[] Labels(Inference inference)
    {
        var bytes = new byte[inference.Logits.Length * sizeof(long)];
        for (var i = 0; i < inference.Logits.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), inference.Label(i));
        return bytes;
    }

    private static byte[] Rows(string name, Inference inference)
    {
        var labels = inference.Logits[0].Length;
        var bytes = new byte[inference.Logits.Length * labels * sizeof(float)];
        for (var i = 0; i < inference.Logits.Length; i++)
        {
            var row = inference.Row(name, i);
            for (var j = 0; j < labels; j++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(((i * labels) + j) * sizeof(float)), row[j]);
        }

        return bytes;
    }
}
