using MnistLab.Storage.Configuration;
using MnistLab.Storage.Folders;
using MnistLab.Storage.S3;

namespace MnistLab.Storage.Tests;

public sealed class ObjectStoresTests
{
    private static readonly Dictionary<string, string> Complete = new(StringComparer.Ordinal)
    {
        [StoreVariables.Endpoint] = "https://obs.cn-north-4.myhuaweicloud.com",
        [StoreVariables.AccessKey] = "key",
        [StoreVariables.SecretKey] = "a-secret",
    };

    [Fact]
    public void Open_NoVariable_IsTheFolder() => Assert.IsType<FolderObjectStore>(ObjectStores.Open(_ => null, "folder"));

    [Fact]
    public void Open_AllVariables_IsTheServer() => Assert.Equal(
        "https://obs.cn-north-4.myhuaweicloud.com", ObjectStores.Open(Complete.GetValueOrDefault, "folder").Location);

    [Fact]
    public void Open_OneVariableMissing_NamesIt()
    {
        foreach (var missing in Complete.Keys)
        {
            var error = Assert.Throws<ObjectStoreException>(
                () => ObjectStores.Open(name => name == missing ? null : Complete.GetValueOrDefault(name), "folder"));

            Assert.Contains($"also needs {missing}.", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("a-secret", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(StoreVariables.SecretKey, "a-secret\r", "a carriage return at its end")]
    [InlineData(StoreVariables.SecretKey, "a-secret\n", "a line feed at its end")]
    [InlineData(StoreVariables.AccessKey, "key\r", "a carriage return at its end")]
    [InlineData(StoreVariables.AccessKey, " key", "a blank at its start")]
    [InlineData(StoreVariables.SecretKey, "a-\tsecret", "a control character (U+0009)")]
    [InlineData(StoreVariables.SecretKey, "a-secret\u00a0", "U+00A0")]
    [InlineData(StoreVariables.Region, "eu-west-1\r", "a carriage return at its end")]
    [InlineData(StoreVariables.Endpoint, "https://obs.cn-north-4.myhuaweicloud.com\r", "a carriage return at its end")]
    public void Open_VariableWithACharacterThatNoKeyHas_SaysWhichWithoutTheSecret(string variable, string value, string reason)
    {
        var error = Assert.Throws<ObjectStoreException>(
            () => ObjectStores.Open(name => name == variable ? value : Complete.GetValueOrDefault(name), "folder"));

        Assert.Equal(ObjectStoreError.InvalidRequest, error.Error);
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_Settings_ShowNoSecret() => Assert.DoesNotContain(
        "a-secret", new S3Settings(new Uri("http://x"), "r", "key", "a-secret").ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://bucket/key")]
    [InlineData("s3://")]
    [InlineData("s3:///key")]
    [InlineData("s3://Bucket/key")]
    [InlineData("s3://bucket/../key")]
    [InlineData("s3://bucket/a//b")]
    [InlineData("s3://bucket/a\nb")]
    [InlineData("s3://bucket/a\\b")]
    public void Parse_WhatIsNoAddress_IsRefused(string text) => Assert.Throws<FormatException>(() => ObjectUrl.Parse(text));
}
