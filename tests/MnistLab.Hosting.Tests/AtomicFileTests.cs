using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MnistLab.Testing;

namespace MnistLab.Hosting.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_OverAnOlderFileInAMissingFolder_ReplacesItAndLeavesNothingElse()
    {
        var path = _folder[Path.Combine("a", "b", "file.txt")];
        AtomicFile.WriteAllText(path, "old ä");
        Assert.Equal(Encoding.UTF8.GetBytes("old ä"), File.ReadAllBytes(path));

        await AtomicFile.WriteAsync(path, async file => await file.WriteAsync(
            "new"u8.ToArray(), TestContext.Current.CancellationToken));

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Write_ThatFails_KeepsTheOlderFileAndLeavesNothingElse()
    {
        var path = _folder["file.txt"];
        File.WriteAllText(path, "old");

        Assert.Throws<NotSupportedException>(() => AtomicFile.Write(path, WriteAndFail));
        Assert.Throws<NotSupportedException>(() => AtomicFile.Replace(path, WriteAndFail));
        await Assert.ThrowsAsync<NotSupportedException>(() => AtomicFile.WriteAsync(path, file =>
        {
            WriteAndFail(file);
            return Task.CompletedTask;
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void Replace_InADeletedFolder_FailsAndDoesNotCreateIt()
    {
        var path = _folder[Path.Combine("deleted", "file.json")];

        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Replace(path, _ => { }));
        Assert.Throws<DirectoryNotFoundException>(() => AtomicJsonFile.Write(path, "text", Type));

        Assert.False(Directory.Exists(_folder["deleted"]));
    }

    [Fact]
    public void RemoveAbandoned_AfterAKilledWriter_RemovesItsFileOnly()
    {
        var path = _folder["file.txt"];
        var abandoned = "";
        AtomicFile.Write(path, _ => abandoned = Directory.GetFiles(_folder.Path).Single());
        File.WriteAllText(abandoned, "half");
        File.WriteAllText(path + "2", "");

        AtomicFile.RemoveAbandoned(path);

        Assert.Equal([path, path + "2"], Directory.EnumerateFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void JsonFile_IsWrittenAndRead_IsTheSameAndPrivate()
    {
        var path = _folder["file.json"];
        Assert.Null(AtomicJsonFile.Read(path, Type));

        AtomicJsonFile.Write(path, "text", Type);

        Assert.Equal("text", AtomicJsonFile.Read(path, Type));
        Assert.Equal([path], Directory.EnumerateFiles(_folder.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("1")]
    public void JsonFile_IsDamaged_TheErrorNamesIt(string content)
    {
        var path = _folder["file.json"];
        File.WriteAllText(path, content);

        var error = Assert.Throws<InvalidDataException>(() => AtomicJsonFile.Read(path, Type));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static JsonTypeInfo<string> Type =>
        (JsonTypeInfo<string>)JsonSerializerOptions.Default.GetTypeInfo(typeof(string));

    private static void WriteAndFail(FileStream file)
    {
        file.Write("half"u8);
        file.Flush();
        throw new NotSupportedException();
    }
}
