using System.Net;
using System.Net.Sockets;

namespace MnistLab.Kernel.Tests;

public sealed class PackageFeedTests : IDisposable
{
    private readonly string _name = $"Package{Guid.NewGuid():N}";
    private readonly Session _session = new();
    private readonly PackageFeed _feed;

    public PackageFeedTests()
    {
        _feed = new(_session.Folder.Path);
        _feed.Add(_name, "1.0.0", $"public static class {_name} {{ public static int Number => 7; }}");
    }

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Feed_InAFolderThatDoesNotExist_IsRefusedAndTheSessionGoesOn()
    {
        var alone = (await _session.TryAsync("#i \"nuget: mistyped/feed\"")).Error!;
        var withPackage = (await _session.TryAsync($"#i \"nuget: mistyped/feed\"\n#r \"nuget: {_name}, 1.0.0\"")).Error!;

        Assert.All([alone, withPackage], error => Assert.StartsWith("(1,1): error: ", error.Message));
        Assert.All(
            [alone, withPackage],
            error => Assert.Contains($"there is no folder '{_session.Folder["mistyped/feed"]}'", error.Message));
        Assert.Equal("7", await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\n{_name}.Number"));
    }

    [Theory]
    [InlineData("htp:/typo", "'htp'")]
    [InlineData("htps://127.0.0.1/v3/index.json", "'htps'")]
    [InlineData("ftp://127.0.0.1/feed", "'ftp'")]
    [InlineData("https:/127.0.0.1/v3/index.json", "https://")]
    [InlineData("http://", "http://")]
    public async Task Feed_WhoseAddressIsMistyped_IsRefusedAtOnceNamingItsLine(string address, string reason)
    {
        var error = (await _session.TryAsync($"var before = 1;\n#i \"nuget: {address}\"")).Error!;

        Assert.StartsWith($"(2,1): error: The feed '{address}' ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal("7", await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\n{_name}.Number"));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Feed_ThatCannotBeReached_IsForgottenAndTheSessionGoesOn(string scheme)
    {
        var address = $"{scheme}://127.0.0.1:{ClosedPort()}/v3/index.json";
        await _session.RunAsync($"#i \"nuget: {address}\"");
        var error = (await _session.TryAsync($"#r \"nuget: {_name}\"")).Error!;

        Assert.Contains($"no longer uses {address}", string.Join('\n', error.Traceback));
        Assert.Equal("7", await _session.RunAsync($"#r \"nuget: {_name}\"\n{_name}.Number"));
    }

    [Fact]
    public async Task Feed_OfACellWhosePackageIsMistyped_IsKept()
    {
        var other = new PackageFeed(Directory.CreateDirectory(_session.Folder["other"]).FullName);
        other.Add($"{_name}.Other", "1.0.0", "");
        Assert.Equal(
            "PackageError",
            (await _session.TryAsync($"#i \"nuget: other/feed\"\n#r \"nuget: {_name}.Mistyped, 1.0.0\"")).Error!.Name);
        await _session.RunAsync($"#r \"nuget: {_name}.Other, 1.0.0\"");
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
