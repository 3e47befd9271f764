using MnistLab.Models.Registry;
using MnistLab.Studio.Console.Services;
using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Tests.Console;

public sealed class ServiceFormTests
{
    [Fact]
    public void Form_WithInvalidFields_HasTheMessagesOfTheLibraryAtThem()
    {
        var form = Create();
        form.Name = "my service";
        form.Weights[0].Weight = "90";
        form.Port = "70000";
        form.StopAfter = "soon";
        form.Limit = "41";
        form.Listen = "0.0.0.0";

        Assert.Null(form.ErrorOf(ServiceForm.PortField));
        Assert.Null(form.Submit());

        Assert.Contains("'my service' is not a valid service name", form.ErrorOf(ServiceForm.NameField), StringComparison.Ordinal);
        Assert.Contains("The weights must sum to 100, but 90 = 90", form.ErrorOf(ServiceForm.ModelsField), StringComparison.Ordinal);
        Assert.Contains("70000 is not a valid port", form.ErrorOf(ServiceForm.PortField), StringComparison.Ordinal);
        Assert.Contains("'soon' is not a number", form.ErrorOf(ServiceForm.StopAfterField), StringComparison.Ordinal);
        Assert.Contains("at most 40 s, but was 41 s", form.ErrorOf(ServiceForm.LimitField), StringComparison.Ordinal);
        Assert.Contains("give the service a token or an app code", form.ErrorOf(ServiceForm.AccessField), StringComparison.Ordinal);
    }

    [Fact]
    public void Form_WithTwoVersions_DeploysThemByWeight_AndItsCodeHoldsNoSecret()
    {
        var form = Create();
        form.Name = "digits";
        form.Weights[0].Weight = "90";
        form.Weights.Add(new WeightRow("digits:0.0.2", "10"));
        form.StopAfter = ServiceForm.Never;
        form.Token = "a-token-of-24-characters";

        var configuration = form.Submit();

        Assert.NotNull(configuration);
        Assert.Equal([90, 10], configuration.Models.Select(model => model.Weight));
        Assert.Equal(Timeout.InfiniteTimeSpan, configuration.StopAfter);
        Assert.Equal("a-token-of-24-characters", configuration.Access!.Token);
        var code = form.ToCode();
        Assert.Contains("Models = [new(model1!, 90), new(model2!, 10)]", code, StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-of-24-characters", code, StringComparison.Ordinal);
    }

    private static ServiceForm Create()
    {
        RegisteredModel Model(string version) => new(
            "digits",
            ModelVersion.Parse(version),
            ModelStatus.Published,
            null,
            "s3://modelarts-example/log/V0001/",
            DateTimeOffset.UnixEpoch,
            null);
        var form = new ServiceForm([Model("0.0.1"), Model("0.0.2")], null, new Texts());
        form.Weights.Add(new WeightRow("digits:0.0.1", "100"));
        return form;
    }
}
