using MnistLab.Storage.Configuration;
using MnistLab.Storage.Folders;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

public sealed class AccessKeysTests(RadosGateway gateway) : IDisposable
{
    private const string Secret = "a-secret-that-no-message-shows";
    private const string Endpoint = "https://obs.cn-north-4.myhuaweicloud.com";

    private readonly TemporaryFolder _folder = new();

    private AccessKeys Keys => new(_folder["settings"]);

    [Fact]
    public void Add_IsUsedFromThenOn_UnlessTheEnvironmentNamesAServer()
    {
        var key = Keys.Add(new(Endpoint, "KEYNUMBER0001", Secret));

        Assert.Equal(("0001", "cn-north-4", true), (key.Ending, key.Region, key.IsUsed));
        Assert.Equal(Endpoint, ObjectStores.Open(Environment, "folder").Location);
        Dictionary<string, string?> named = new()
        {
            [AccessKeys.FolderVariable] = _folder["settings"],
            [StoreVariables.Endpoint] = "https://obs.eu-de.otc.t-systems.com",
            [StoreVariables.AccessKey] = "key",
            [StoreVariables.SecretKey] = "secret",
        };
        Assert.Equal("https://obs.eu-de.otc.t-systems.com", ObjectStores.Open(name => named.GetValueOrDefault(name), "folder").Location);
        Keys.Use(null);
        Assert.IsType<FolderObjectStore>(ObjectStores.Open(Environment, "folder"));
    }

    [Fact]
    public void Add_IsReadableToItsOwnerOnly_AndShowsNoSecret()
    {
        var key = Keys.Add(new(Endpoint, "KEYNUMBER0001", Secret));

        Assert.Contains(Secret, File.ReadAllText(Keys.File), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, $"{key} {new NewAccessKey(Endpoint, "KEYNUMBER0001", Secret)}", StringComparison.Ordinal);
        Assert.DoesNotContain("KEYNUMBER", $"{key}", StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Keys.File));
        File.SetUnixFileMode(Keys.File, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var error = Assert.Throws<ObjectStoreException>(() => ObjectStores.Open(Environment, "folder"));
        Assert.Contains($"chmod 600 {Keys.File}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_OfTheSameKey_ReplacesIt_AndDeleteForgetsIt()
    {
        Keys.Add(new(Endpoint, "KEYNUMBER0001", "old"));
        var other = Keys.Add(new(Endpoint, "KEYNUMBER0002", Secret));
        var again = Keys.Add(new(Endpoint, "KEYNUMBER0001", Secret));

        Assert.Equal([("0002", false), ("0001", true)], Keys.List().Select(key => (key.Ending, key.IsUsed)));
        Keys.Delete(again.Id);
        Assert.Equal([(other.Id, false)], Keys.List().Select(key => (key.Id, key.IsUsed)));
        Assert.Throws<ObjectStoreException>(() => Keys.Use(again.Id));
        Assert.DoesNotContain("KEYNUMBER0001", File.ReadAllText(Keys.File), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "KEY", Secret, StoreVariables.Endpoint)]
    [InlineData("obs.example", "KEY", Secret, StoreVariables.Endpoint)]
    [InlineData(Endpoint, "K EY", Secret, StoreVariables.AccessKey)]
    [InlineData(Endpoint, "KEY", "", StoreVariables.SecretKey)]
    [InlineData("", "", "", "endpoint")]
    public void Add_OfAnInvalidValue_NamesIt_AndKeepsNothing(string endpoint, string id, string secret, string named)
    {
        var error = Assert.Throws<ObjectStoreException>(() => Keys.Add(new(endpoint, id, secret)));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Keys.File));
    }

    [Theory]
    [InlineData("User Name,Access Key Id,Secret Access Key\r\nana,KEYNUMBER0001,a-secret-that-no-message-shows\r\n")]
    [InlineData("\uFEFFAccess key ID,Secret access key\nKEYNUMBER0001,a-secret-that-no-message-shows")]
    [InlineData("\"User Name\",\"Access Key Id\",\"Secret Access Key\"\n\"ana\",\"KEYNUMBER0001\",\"a-secret-that-no-message-shows\"\n")]
    public void FromCsv_OfACloudsFile_GivesTheKey(string csv)
    {
        var key = NewAccessKey.FromCsv(csv, Endpoint);

        Assert.Equal((Endpoint, "KEYNUMBER0001", Secret), (key.Endpoint, key.AccessKeyId, key.SecretAccessKey));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("Access Key Id,Secret Access Key")]
    [InlineData("Access Key Id,Secret Access Key\nKEY")]
    [InlineData("Access Key Id,Secret Access Key\nKEY,a-secret-that-no-message-shows\nKEY2,a-secret-that-no-message-shows")]
    public void FromCsv_OfAnotherFile_SaysWhatIsExpected_AndShowsNoSecret(string csv)
    {
        var error = Assert.Throws<FormatException>(() => NewAccessKey.FromCsv(csv, Endpoint));

        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_OfADamagedFile_NamesTheFile()
    {
        Keys.Add(new(Endpoint, "KEYNUMBER0001", Secret));
        File.WriteAllText(Keys.File, "{");

        var error = Assert.Throws<ObjectStoreException>(Keys.List);
        Assert.Contains(Keys.File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_ByManyAtOnce_KeepsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Keys.Add(new(Endpoint, $"KEYNUMBER{i}", Secret)))));

        Assert.Equal(8, Keys.List().Count);
    }

    [Fact]
    public async Task Test_AsksTheServer()
    {
        var right = Keys.Add(new($"{gateway.Endpoint}", RadosGateway.AccessKey, RadosGateway.SecretKey));
        await ObjectStores.Open(Environment, "folder").CreateBucketAsync("tested-bucket", TestContext.Current.CancellationToken);
        var unknown = Keys.Add(new($"{gateway.Endpoint}", "NOBODYKNOWSIT", RadosGateway.SecretKey));

        Assert.Contains("tested-bucket", await Keys.TestAsync(right.Id, TestContext.Current.CancellationToken));
        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => Keys.TestAsync(unknown.Id, TestContext.Current.CancellationToken));
        Assert.Equal(ObjectStoreError.AccessDenied, error.Error);
        Assert.DoesNotContain(RadosGateway.SecretKey, error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string? Environment(string name) => name == AccessKeys.FolderVariable ? _folder["settings"] : null;
}
