using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Data.Workspaces;
using MnistLab.Models.UserCode;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>Tests third-party clients: the one in the documentation, and one in another language.</summary>
public sealed partial class GrpcClientTests(GrpcService service) : IClassFixture<GrpcService>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Client_OfTheDocumentation_CompilesWithTheGeneratedClasses_AndPredicts()
    {
        var root = Workspace.Find().Root;
        var page = await File.ReadAllTextAsync(Path.Combine(root, "docs", "beyond-one-machine.md"));
        var code = Assert.Single(Client().Matches(page.ReplaceLineEndings("\n"))).Groups[1].Value;
        await File.WriteAllTextAsync(_folder["client.cs"], code);
        var generated = Directory.GetFiles(
            Path.Combine(root, "artifacts", "obj", "MnistLab.Serving"),
            "OpenInference*.cs",
            SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is "OpenInference.cs" or "OpenInferenceGrpc.cs")
            .GroupBy(Path.GetFileName).Select(files => files.MaxBy(File.GetLastWriteTimeUtc)!);
        var metrics = service.Running.Services.GetRequiredService<ServiceMetrics>();
        var before = metrics.Calls(ServiceProtocol.OpenInferenceGrpc, CallOutcome.Success);

        using var program = UserCodeCompiler.Compile([_folder["client.cs"], .. generated], TestContext.Current.CancellationToken);

        Assert.Equal(0, await program.RunMainAsync([$"{service.Running.GrpcUrl}"]));
        Assert.Equal(before + 1, metrics.Calls(ServiceProtocol.OpenInferenceGrpc, CallOutcome.Success));
    }

    [Fact]
    public async Task Client_InPython_HasTheSameNumbers()
    {
        var python = InstalledPython.RequireWith("grpc, google.protobuf");
        const string Script = """
            import sys, grpc
            from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

            pool = descriptor_pool.DescriptorPool()
            pool.AddSerializedFile(open(sys.argv[1], "rb").read())
            messages = message_factory.MessageFactory(pool)
            get = lambda name: messages.GetPrototype(pool.FindMessageTypeByName("inference." + name))
            Request, Response = get("ModelInferRequest"), get("ModelInferResponse")
            request = Request(model_name="digits", id="from python", raw_input_contents=[open(sys.argv[2], "rb").read()])
            request.inputs.add(name="images", datatype="FP32", shape=[1, 784])
            with grpc.insecure_channel(sys.argv[3], [("grpc.enable_http_proxy", 0)]) as channel:
                infer = channel.unary_unary("/inference.GRPCInferenceService/ModelInfer", Request.SerializeToString, Response.FromString)
                response = infer(request, timeout=60)
                assert response.id == "from python", response
                print(response.raw_output_contents[2].hex())
                try:
                    infer(Request(model_name="other"), timeout=60)
                except grpc.RpcError as error:
                    print(error.code().name, error.details())
            """;
        var pixels = RunningApplication.Pixels(3);
        await File.WriteAllTextAsync(_folder["client.py"], Script);
        await File.WriteAllBytesAsync(_folder["definition"], GRPCInferenceService.Descriptor.File.SerializedData.ToByteArray());
        await File.WriteAllBytesAsync(_folder["pixels"], MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray());
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { _folder["client.py"], _folder["definition"], _folder["pixels"], service.Running.GrpcUrl!.Authority })
            start.ArgumentList.Add(argument);

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, await errors);
        var expected = await service.Client.Service.ModelInferAsync(InferenceClient.Raw(pixels, 1, 784));
        var lines = output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(Convert.ToHexStringLower(expected.RawOutputContents[2].Span), lines[0]);
        Assert.Equal("NOT_FOUND There is no model 'other' here. Served: digits 0.0.1.", lines[1]);
    }

    [GeneratedRegex("```csharp\n([^`]*GrpcChannel[^`]*)```")]
    private static partial Regex Client();
}
