using System.Globalization;
using System.Net;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using MnistLab.Client;
using MnistLab.Data.Workspaces;
using MnistLab.Serving.Foreground;
using MnistLab.Serving.Tests.Foreground;
using MnistLab.Serving.Tests.Kubernetes;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Container;

/// <summary>Tests the content and the configuration of the container image of the service, and that it runs.</summary>
public sealed partial class ContainerImageTests(BuiltImage built, TrainedModel trained) : IClassFixture<BuiltImage>
{
    private const double MaxMegabytes = 25;

    [Fact]
    public void Configuration_OfTheImage_IsThatOfTheService()
    {
        var config = built.Image.Config;

        Assert.Equal(KubernetesFiles.ServingImage, Assert.Single(built.Image.Tags));
        Assert.Equal(BaseImage.UserId, $"{config["User"]}");
        Assert.Equal(["dotnet", "/app/MnistLab.Serving.dll"], built.Image.EntryPoint);
        // The program without options; arguments appended to the command are its options.
        Assert.Empty(config["Cmd"]?.AsArray() ?? []);
        var own = built.Image.Variables
            .Where(variable => variable.Key.StartsWith("MNISTLAB_", StringComparison.Ordinal));
        Assert.Equal(
            new SortedDictionary<string, string>
            {
                [ServiceVariables.Address] = "0.0.0.0",
                [ServiceVariables.Port] = "8080",
                [ServiceVariables.GrpcPort] = "8081",
                [ServiceVariables.LogFormat] = "json",
            },
            new SortedDictionary<string, string>(own.ToDictionary()));
        Assert.Equal(["8080/tcp", "8081/tcp"], config["ExposedPorts"]!.AsObject().Select(port => port.Key).Order());
    }

    [Fact]
    public void ApplicationLayer_HasTheProgramForLinuxAlone_ReadableAndNotWritable()
    {
        Assert.Equal(2, built.Image.LayerCount);
        var entries = built.Image.ReadApplication();
        var files = entries.Where(entry => entry.IsFile).ToList();
        var app = Path.Combine(built.Root, "app");

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.StartsWith("app/", file.Name.TrimStart('/'), StringComparison.Ordinal));
        // Flat: native libraries of other platforms would be in runtimes/.
        Assert.Empty(Directory.GetDirectories(app));
        Assert.All(Directory.GetFiles(app), file => Assert.True(IsForLinux(file), file));
        Assert.All(files, file => Assert.True(file.Mode.HasFlag(UnixFileMode.OtherRead), $"{file.Name} {file.Mode}"));
        Assert.All(
            entries, entry => Assert.False(entry.Mode.HasFlag(UnixFileMode.OtherWrite), $"{entry.Name} {entry.Mode}"));
        var megabytes = built.Image.ApplicationBytes / 1e6;
        var unpacked = files.Sum(file => file.Length) / 1e6;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Application layer: {megabytes:F1} MB compressed, {unpacked:F1} MB unpacked, {files.Count} files"));
        Assert.InRange(megabytes, 1, MaxMegabytes);
        // As the README claims.
        var readme = File.ReadAllText(Path.Combine(Workspace.Find().Root, "README.md"));
        var said = Size().Match(readme);
        Assert.Equal(megabytes, double.Parse(said.Groups["compressed"].Value, CultureInfo.InvariantCulture), 1.0);
        Assert.Equal(unpacked, double.Parse(said.Groups["unpacked"].Value, CultureInfo.InvariantCulture), 1.0);
    }

    [Fact]
    public async Task Run_OnAReadOnlyRootWithoutPrivileges_VerifiesItsModelPredictsAndStops()
    {
        ContainerProcess.Require();
        await using var lab = new ServiceLab(trained);
        var model = await lab.ImportAsync();
        await using var replica = ReplicaProcess.Start(ContainerProcess.StartInfo(
            built.Image,
            built.Root,
            trained.StoreFolder,
            (ServiceVariables.Model, model.Location.ToString()),
            (ServiceVariables.Store, "/store"),
            (ServiceVariables.Token, "a-token-of-the-test"),
            (ServiceVariables.Port, "0"),
            (ServiceVariables.GrpcPort, "0"),
            (ServiceVariables.Drain, "0")));
        var url = await replica.WaitUntilReadyAsync();

        using var client = new PredictionClient(url, new PredictionClientOptions { Token = "a-token-of-the-test" });
        var prediction = await client.PredictAsync(ServiceLab.Png(0));
        var status = await File.ReadAllLinesAsync(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{replica.Id}/status"),
            TestContext.Current.CancellationToken);
        using (var http = LoopbackHttp.CreateClient(url))
        {
            // These requests contain no token.
            foreach (var probe in KubernetesFiles.Probes)
                Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(probe.HttpGet.Path)).StatusCode);
        }

        replica.Terminate();

        // ModelArts returns the five best.
        Assert.Equal(5, prediction.Scores.Count);
        Assert.Contains(replica.Log, line => line.Contains("files match their hashes", StringComparison.Ordinal));
        // The process has only its own user, no capabilities, and no way to gain other users or capabilities.
        string FactOf(string name) => string.Join(
            ' ', status.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split('\t')[1..]);
        Assert.Equal(string.Join(' ', Enumerable.Repeat(BaseImage.UserId, 4)), FactOf("Uid:"));
        Assert.Equal(string.Join(' ', Enumerable.Repeat(BaseImage.UserId, 4)), FactOf("Gid:"));
        Assert.Equal(0, long.Parse(FactOf("CapEff:"), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal("1", FactOf("NoNewPrivs:"));
        Assert.Equal(ServiceExitCode.Stopped, await replica.WaitForExitAsync());
    }

    [GeneratedRegex(@"application layer \| (?<compressed>\d+) MB, unpacked (?<unpacked>\d+) MB")]
    private static partial Regex Size();

    // Native libraries are for the architecture of this processor; the other libraries are .NET assemblies, which run
    // everywhere.
    private static bool IsForLinux(string file)
    {
        using var content = File.OpenRead(file);
        Span<byte> start = stackalloc byte[20];
        if (content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length) return true;
        // ELF: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
        if (start.StartsWith("\u007FELF"u8))
            return start[18] == (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 183 : 62);
        if (!start.StartsWith("MZ"u8)) return Path.GetExtension(file) is ".json" or ".pdb";
        content.Position = 0;
        using var portable = new PEReader(content);
        return portable.HasMetadata && portable.PEHeaders.CorHeader is not null;
    }
}
