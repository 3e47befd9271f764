using System.Security.Cryptography;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests.Console;

public sealed class ServerStorageTests(ConsoleFixture console, RadosGateway gateway) : IClassFixture<ConsoleFixture>, IClassFixture<RadosGateway>
{
    [Fact]
    public async Task Key_OfAServer_IsTested_AndItsBucketsAreBrowsed_FilledAndRead()
    {
        // More than fits into one request, to the server and from the browser.
        var content = RandomNumberGenerator.GetBytes(40_000_000);
        var address = gateway.Endpoint.GetLeftPart(UriPartial.Authority);
        var page = await console.OpenAsync("/console/keys");
        foreach (var (field, value) in new[] { ("endpoint", address), ("id", RadosGateway.AccessKey), ("secret", RadosGateway.SecretKey) })
        {
            await page.FillAsync($"[data-field={field}]", value);
            await page.Locator($"[data-field={field}]").BlurAsync();
        }

        await page.ClickAsync(".new-key button[type=submit]");
        await page.Locator(".keys .status.good").WaitForAsync();
        await page.Locator(".keys button").First.ClickAsync();
        await page.Locator(".notice.success", new() { HasTextString = "accepts the key" }).WaitForAsync();

        await page.ClickAsync(".screens-bar a >> text=Object storage");
        await page.Locator("text=Objects are stored in " + address).WaitForAsync();
        await page.FillAsync("form input", "from-console");
        await page.ClickAsync("form button");
        await page.Locator("[data-upload]").WaitForAsync();
        using var client = await console.Studio.EnterAsync();
        client.DefaultRequestHeaders.Add("Origin", console.Studio.Application.Root.GetLeftPart(UriPartial.Authority));
        using var sent = await client.PostAsync("/console/upload/from-console/data/large.bin", new ByteArrayContent(content), TestContext.Current.CancellationToken);
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        await page.Locator(".objects a >> text=data/").ClickAsync();
        await page.Locator(".objects tr", new() { HasTextString = "40.0 MB" }).WaitForAsync();
        Assert.Equal(content, await client.GetByteArrayAsync("/console/download/from-console/data/large.bin", TestContext.Current.CancellationToken));
        await page.ClickAsync(".objects button.danger");
        await page.ClickAsync(".objects [data-confirm]");
        await page.Locator(".notice.success", new() { HasTextString = "Deleted large.bin" }).WaitForAsync();
        Assert.Empty(console.Browser.Errors);
    }
}
