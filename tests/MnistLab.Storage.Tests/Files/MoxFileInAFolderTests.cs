using System.Text.RegularExpressions;
using CsCheck;
using MnistLab.Storage.Files;
using MnistLab.Storage.Folders;

namespace MnistLab.Storage.Tests;

public sealed class MoxFileInAFolderTests : MoxFileContract
{
    private static readonly Gen<string> Names = Gen.Char["ab/"].Array[1, 7]
        .Select(chars => string.Join('/', new string(chars).Split('/', StringSplitOptions.RemoveEmptyEntries)))
        .Where(name => name.Length > 0);

    protected override IObjectStore Store => new FolderObjectStore(Folder["store"]);

    [Fact]
    public async Task Remove_LinkToADirectory_LeavesWhatItPointsTo()
    {
        Directory.CreateDirectory(Folder["target"]);
        Directory.CreateDirectory(Folder["removed"]);
        await File.WriteAllTextAsync(Folder["target/kept"], "kept");
        Directory.CreateSymbolicLink(Folder["removed/link"], Folder["target"]);
        Directory.CreateSymbolicLink(Folder["link"], Folder["target"]);
        var files = new MoxFile(Store);

        await files.RemoveAsync(Folder["removed"], recursive: true);
        await files.RemoveAsync(Folder["link"], recursive: true);

        Assert.Equal("kept", await File.ReadAllTextAsync(Folder["target/kept"]));
        Assert.False(Directory.Exists(Folder["removed"]) || Directory.Exists(Folder["link"]));
    }

    [Fact]
    public void Pattern_AnyNames_AgreesWithAPlainModel() =>
        Gen.Select(Names, Gen.Char["ab*?/"].Array[1, 7]
            .Select(chars => string.Join('/', new string(chars).Split('/', StringSplitOptions.RemoveEmptyEntries)))
            .Where(pattern => pattern.Length > 0 && pattern.AsSpan().IndexOfAny("*?") >= 0))
            .Where((_, pattern) => !pattern.Contains("**", StringComparison.Ordinal))
            .Sample(
                (name, pattern) =>
                {
                    var glob = new GlobPattern(pattern, ['/'], 0);
                    var expected = Regex.IsMatch(name, "^" + Regex
                        .Escape(pattern)
                        .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
                        .Replace(@"\?", "[^/]", StringComparison.Ordinal) + "$");
                    return expected == (name.StartsWith(glob.Base, StringComparison.Ordinal) && glob.IsMatch(name[glob.Base.Length..]));
                },
                iter: 20_000);
}
