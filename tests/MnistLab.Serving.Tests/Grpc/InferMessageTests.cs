using CsCheck;
using Google.Protobuf;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;

namespace MnistLab.Serving.Tests;

/// <summary>Tests how the bytes of an inference request are read.</summary>
public sealed class InferMessageTests
{
    [Fact]
    public void Read_BytesAtRandom_GivesARequestOrTheReason_AsTheGeneratedClassesDo()
    {
        var valid = InferenceClient.Typed(RunningApplication.Pixels(0), 1, 784).ToByteArray();
        Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte, Gen.Int[0, valid.Length]).Sample((at, value, length) =>
        {
            byte[] bytes = [.. valid[..length]];
            if (at < length) bytes[at] = value;

            var read = InferMessage.Read(new(bytes));

            if (read.Rejection is not null) return;
            var parsed = ModelInferRequest.Parser.ParseFrom(bytes);
            Assert.Equal((parsed.ModelName, parsed.ModelVersion, parsed.Id), (read.Model, read.Version, read.Id));
            Assert.Equal(Assert.Single(parsed.Inputs).Contents.Fp32Contents.ToArray(), read.Pixels.ToArray());
            read.Release();
        }, iter: 2000);
    }

    [Fact]
    public void Read_AMillionEmptyTensors_AllocatesLittle()
    {
        // Repeats an empty field of this number and type.
        var bytes = new byte[2_000_000];
        for (var i = 0; i < bytes.Length; i += 2) bytes[i] = (ModelInferRequest.InputsFieldNumber << 3) | 2;
        InferMessage.Read(new(bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var read = InferMessage.Read(new(bytes));

        Assert.Contains("has 1000000", read.Rejection!.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }
}
