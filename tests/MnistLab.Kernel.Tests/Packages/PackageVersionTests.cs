using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

/// <summary>Tests packages whose assemblies have the same names as those that the kernel itself uses.</summary>
public sealed class PackageVersionTests : IDisposable
{
    private readonly Session _session = new();
    private readonly PackageFeed _feed;

    public PackageVersionTests() => _feed = new(_session.Folder.Path);

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Humanizer", "9.1.0")]
    [InlineData("Humanizer", "1.0.0")]
    [InlineData("Markdig", "9.1.0")]
    [InlineData("Microsoft.CodeAnalysis", "9.1.0")]
    [InlineData("System.Composition.Hosting", "1.0.0")]
    public async Task Package_InAnotherVersionThanTheKernels_IsTheOneThatRuns(string name, string version)
    {
        Assert.Contains(
            AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!.ToString()!.Split(Path.PathSeparator),
            file => Path.GetFileNameWithoutExtension(file) == name);
        _feed.Add(
            name,
            version,
            $$"""[assembly: System.Reflection.AssemblyVersion("{{version}}.0")] namespace Own; public static class Words { public static string Humanize(this string text) => text + "!"; }""");
        _feed.Add(
            $"{name}.User",
            "1.0.0",
            "public static class User { public static string Call() => Own.Words.Humanize(\"called\"); }",
            name);

        await _session.RunAsync($"#r \"nuget: {name}.User, 1.0.0\"");
        Assert.Equal("PascalCase!", await _session.RunAsync("using Own;\n\"PascalCase\".Humanize()"));
        Assert.Equal("called!", await _session.RunAsync("User.Call()"));
        Assert.Equal($"{version}.0", await _session.RunAsync("typeof(Words).Assembly.GetName().Version.ToString()"));
        Assert.Equal(["Humanize"], await CompleteAsync("\"PascalCase\".Humaniz"));
        Assert.DoesNotContain(_session.Outputs, output => output is StreamOutput);
    }

    [Theory]
    [InlineData("Microsoft.Extensions.Options")]
    [InlineData("System.Reactive")]
    public async Task Package_InANewerVersionThanOneThatIsShared_IsNamedOnce(string name)
    {
        _feed.Add(name, "99.0.0", "[assembly: System.Reflection.AssemblyVersion(\"99.0.0.0\")]");
        await _session.RunAsync($"#r \"nuget: {name}, 99.0.0\"");
        await _session.RunAsync($"#r \"nuget: {name}, 99.0.0\"");

        var told = Assert.Single(_session.Outputs.OfType<StreamOutput>());
        Assert.Equal(StreamName.Stderr, told.Name);
        Assert.StartsWith($"{name} 99.0.0.0 is not used: this notebook shares {name} ", told.Text);
    }

    private async Task<IEnumerable<string>> CompleteAsync(string code) =>
        (await _session.CompleteAsync(code, code.Length)).Items.Select(item => item.Text);
}
