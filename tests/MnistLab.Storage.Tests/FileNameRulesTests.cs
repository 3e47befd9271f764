using MnistLab.Storage.Folders;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

/// <summary>Tests the rules for file names, which are those of Windows on every system.</summary>
public sealed class FileNameRulesTests
{
    [Theory]
    [InlineData("D:", "':'")]
    [InlineData("C:secret.txt", "':'")]
    [InlineData("file:stream", "':'")]
    [InlineData("what?", "'?'")]
    [InlineData("a|b", "'|'")]
    [InlineData("a\\b", "'\\'")]
    [InlineData("tab\there", "U+0009")]
    [InlineData("nothing\0here", "U+0000")]
    [InlineData("end.", "ends with a dot")]
    [InlineData("end ", "ends with a blank")]
    [InlineData("..", "is not a name")]
    [InlineData("", "is not a name")]
    [InlineData("aux", "device")]
    [InlineData("AUX.txt", "device")]
    [InlineData("nul.tar.gz", "device")]
    [InlineData("com1", "device")]
    [InlineData("LPT9.log", "device")]
    [InlineData("com³", "device")]
    [InlineData("con .txt", "device")]
    [InlineData("CONIN$", "device")]
    public void ProblemOf_NameThatWindowsRefuses_SaysWhy(string name, string reason) =>
        Assert.Contains(reason, FileNameRules.ProblemOf(name), StringComparison.Ordinal);

    [Theory]
    [InlineData("train-images-idx3-ubyte.gz")]
    [InlineData("auxiliary")]
    [InlineData("com10")]
    [InlineData("com")]
    [InlineData(".aux")]
    [InlineData("x.aux")]
    [InlineData("%61ux")]
    [InlineData(" a b")]
    [InlineData("ü😀")]
    public void ProblemOf_PlainName_IsNone(string name) => Assert.Null(FileNameRules.ProblemOf(name));

    [Theory]
    [InlineData("D:/x")]
    [InlineData("a/D:")]
    [InlineData("aux")]
    [InlineData("folder/nul.txt")]
    [InlineData("x/end.")]
    public void Combine_SegmentThatWindowsRefuses_NamesIt(string key)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<IOException>(() => FileNameRules.Combine(folder.Path, key, isWindows: true));

        Assert.Contains($"'{key}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.StartsWith(folder.Path + '/', FileNameRules.Combine(folder.Path, key, isWindows: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("..")]
    public void Combine_ResultOutsideOfTheFolder_IsRefusedEverywhere(string key)
    {
        using var folder = new TemporaryFolder();

        foreach (var isWindows in new[] { false, true })
            Assert.Throws<IOException>(() => FileNameRules.Combine(folder.Path, key, isWindows));
    }

    [Theory]
    [InlineData("a", "b", "A")]
    [InlineData("b/1", "c", "B/1")]
    [InlineData("b/1", "c", "B/2")]
    [InlineData("x/b/1", "x/c", "x/B")]
    [InlineData("\u00e9", "e", "e\u0301")]
    [InlineData("Ü", "u", "ü")]
    public void FindClash_KeysThatShareAFileOnSomeDisks_GivesBoth(string key, string between, string other) =>
        Assert.Equal((key, other), FileNameRules.FindClash([key, between, other]));

    [Fact]
    public void FindClash_KeysThatAreAllDifferent_IsNull() =>
        Assert.Null(FileNameRules.FindClash(["a", "a/b", "a/b/c", "a/bc", "b", "b/a", "ss", "ß/x"]));

    [Fact]
    public void ToFilePath_AnyKey_HasOnlyNamesThatWindowsAccepts()
    {
        string[] keys =
        [
            "D:/x",
                "aux",
                "aux/x",
                "aux.txt",
                "nul.d/x.y",
                "com1/lpt1.log/con",
                "a./b /c.",
                "what?.txt",
                "conin$",
                "a|b/<c>",
                "..a/...",
                "%/%41",
            new string('x', 300), $"aux.{new string('x', 300)}", $"{new string('x', 199)}. /y",
        ];

        foreach (var key in keys)
        {
            var path = FolderKey.ToFilePath(key);

            Assert.All(path.Split(Path.DirectorySeparatorChar), name => Assert.Null(FileNameRules.ProblemOf(name)));
            Assert.Equal(key, FolderKey.FromPath(path));
        }

        Assert.Equal(keys.Length, keys.Select(FolderKey.ToFilePath).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal("%61ux", FolderKey.ToBucketFolder("aux"));
        Assert.Equal("modelarts-example", FolderKey.ToBucketFolder("modelarts-example"));
    }
}
