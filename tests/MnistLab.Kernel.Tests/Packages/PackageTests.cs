using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

/// <summary>Tests packages from a folder that is the only feed, without a network.</summary>
public sealed class PackageTests : IDisposable
{
    // Loaded assemblies stay loaded in the process of the tests, so each test has packages with unique names.
    private readonly string _name = $"Package{Guid.NewGuid():N}";
    private readonly Session _session = new();
    private readonly PackageFeed _feed;

    public PackageTests() => _feed = new(_session.Folder.Path);

    [Fact]
    public async Task Package_IsReferredTo_ItsTypesAndThoseOfItsDependenciesAreThere()
    {
        _feed.Add($"{_name}.Lower", "1.0.0", $"namespace {_name}; public record Point(int X);");
        _feed.Add(
            _name,
            "1.2.0",
            $"namespace {_name}; public static class Shapes {{ public static Point Corner() => new(5); }}",
            $"{_name}.Lower");

        await _session.RunAsync($"#r \"nuget: {_name}, 1.2.0\"");
        Assert.Equal("5", await _session.RunAsync($"using {_name};\nPoint corner = Shapes.Corner();\ncorner.X"));
        Assert.Equal(
            $"Installed packages: {_name}, 1.2.0",
            _session.Outputs.Cast<DisplayOutput>().Single().Data["text/plain"]!.GetValue<string>());
    }

    [Fact]
    public async Task Package_WithoutAVersion_IsTheNewest()
    {
        _feed.Add(_name, "1.0.0", $"public static class {_name} {{ public static int Number => 1; }}");
        _feed.Add(_name, "2.0.0", $"public static class {_name} {{ public static int Number => 2; }}");
        Assert.Equal("2", await _session.RunAsync($"#r \"nuget: {_name}\"\n{_name}.Number"));
    }

    [Fact]
    public async Task Package_WithANativeLibrary_CallsIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The native library that the package carries is one of .NET for Linux.");
        var native = Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so");
        _feed.Add(
            _name,
            "1.0.0",
            $"using System.Runtime.InteropServices; public static class {_name} {{ [DllImport(\"greeting\", EntryPoint = \"SystemNative_GetPid\")] public static extern int Pid(); }}",
            nativeFile: (native, "libgreeting.so"));
        Assert.Equal(
            Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"\n{_name}.Pid()"));
    }

    [Fact]
    public async Task Package_IsMissing_NuGetSaysWhichAndTheSessionGoesOn()
    {
        var missing = (await _session.TryAsync($"#r \"nuget: {_name}, 1.0.0\"")).Error!;
        _feed.Add(_name, "1.0.0", "");
        var version = (await _session.TryAsync($"#r \"nuget: {_name}, 3.0.0\"")).Error!;

        Assert.Equal("PackageError", missing.Name);
        Assert.Contains($"Unable to find package {_name}", missing.Message);
        Assert.Contains($"Unable to find package {_name} with version (>= 3.0.0)", version.Message);
        Assert.Equal("1", await _session.RunAsync("1"));
    }

    [Fact]
    public async Task Package_InAnotherVersionThanTheOneInUse_IsRefused()
    {
        _feed.Add(_name, "1.0.0", "");
        _feed.Add(_name, "2.0.0", "");
        await _session.RunAsync($"#r \"nuget: {_name}, 1.0.0\"");
        await _session.RunAsync($"#r \"nuget: {_name}\"");
        Assert.Contains("Restart the kernel", (await _session.TryAsync($"#r \"nuget: {_name}, 2.0.0\"")).Error!.Message);
    }

    [Fact]
    public async Task Feed_OfACell_IsAsked()
    {
        var other = new PackageFeed(Directory.CreateDirectory(_session.Folder["other"]).FullName);
        other.Add(_name, "1.0.0", $"public static class {_name} {{ public static int Number => 7; }}");
        Assert.Equal("7", await _session.RunAsync($"#i \"nuget: other/feed\"\n#r \"nuget: {_name}, 1.0.0\"\n{_name}.Number"));
    }

    public void Dispose() => _session.Dispose();
}
