using System.Text;
using CsCheck;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Tests;

public sealed class MultipartFormTests
{
    private const string ContentType = "multipart/form-data; boundary=b";
    private const string Disposition = "Content-Disposition: form-data; name=\"images\"; filename=\"x\"\r\n";

    // Tests files with any bytes: line ends, hyphens, and the beginning of the boundary.
    private static readonly byte[] File = [0, 13, 10, 45, 45, 98 + 1, 255, 13, 10];

    public static TheoryData<string, string, string> Allowed => new()
    {
        { "a preamble", $"This is for readers without MIME.\r\n--b\r\n{Disposition}\r\n", "\r\n--b--\r\n" },
        { "an empty preamble", $"\r\n--b\r\n{Disposition}\r\n", "\r\n--b--\r\n" },
        { "a preamble with the boundary inside a line", $"look for --b\r\n--b\r\n{Disposition}\r\n", "\r\n--b--\r\n" },
        { "an epilogue", $"--b\r\n{Disposition}\r\n", "\r\n--b--\r\nThis is for nobody.\r\n--b\r\n" },
        { "an empty epilogue", $"--b\r\n{Disposition}\r\n", "\r\n--b--" },
        { "blanks after boundaries", $"--b \t \r\n{Disposition}\r\n", "\r\n--b-- \t\r\n" },
        { "blanks at the end", $"--b\r\n{Disposition}\r\n", "\r\n--b-- " },
        { "an encoding of 8bit", $"--b\r\n{Disposition}Content-Transfer-Encoding: 8bit\r\n\r\n", "\r\n--b--\r\n" },
        { "an encoding of 7bit", $"--b\r\n{Disposition}content-transfer-encoding:\t7BIT \r\n\r\n", "\r\n--b--\r\n" },
        { "an encoding of binary", $"--b\r\nContent-Transfer-Encoding: binary\r\n{Disposition}\r\n", "\r\n--b--\r\n" },
        { "no file name, but a type", "--b\r\nContent-Disposition: form-data; name=\"images\"\r\nContent-Type: image/png\r\n\r\n", "\r\n--b--\r\n" },
        { "no file name, but a general type", "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: form-data; name=images\r\n\r\n", "\r\n--b--\r\n" },
        { "neither a file name nor a type", "--b\r\nContent-Disposition: form-data; name=\"images\"\r\n\r\n", "\r\n--b--\r\n" },
        { "another field of the same name that is text", $"--b\r\nContent-Disposition: form-data; name=\"images\"\r\n\r\nhello\r\n--b\r\n{Disposition}\r\n", "\r\n--b--\r\n" },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void FindFile_InEveryFormThatTheStandardsAllow_FindsExactlyItsBytes(string form, string before, string after)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(before), .. File, .. Encoding.ASCII.GetBytes(after)];

        Assert.True(File.AsSpan().SequenceEqual(body[MultipartForm.FindFile(ContentType, body, "images")]), form);
    }

    [Fact]
    public void FindFile_AmongOtherFields_FindsExactlyItsBytes()
    {
        byte[] file = [0, 13, 10, 45, 45, 98, 255, 13, 10];
        byte[] body =
        [
            .. "--b b\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nhello\r\n--b b\r\ncontent-type: image/png\r\ncontent-disposition: form-data; name=images; filename*=utf-8''%e2%82%ac.png\r\n\r\n"u8,
            .. file, .. "\r\n--b b--"u8,
        ];

        Assert.Equal(file, body[MultipartForm.FindFile("multipart/form-data; boundary=\"b b\"", body, "images")]);
    }

    [Fact]
    public void FindFile_OfAnyContentAndSurroundings_FindsExactlyItsBytes() =>
        Gen.Select(
            Gen.Byte.Array[0, 300],
            OneOf("", "\r\n", "--\r\n", "text\r\n"),
            OneOf("", " ", "\t\t"),
            OneOf("", "\r\n", "\r\n--boundary-1\r\n")).Sample(
            (file, preamble, blanks, epilogue) =>
            {
                if (file.AsSpan().IndexOf("--boundary-1"u8) >= 0) return;
                byte[] body =
                [
                    .. Encoding.ASCII.GetBytes($"{preamble}--boundary-1{blanks}\r\n{Disposition}\r\n"),
                    .. file,
                    .. Encoding.ASCII.GetBytes($"\r\n--boundary-1--{blanks}{epilogue}"),
                ];

                Assert.Equal(file, body[MultipartForm.FindFile("multipart/form-data; boundary=boundary-1", body, "images")]);
            },
            iter: 2000);

    [Theory]
    [InlineData("multipart/form-data", "--b\r\n\r\n", "boundary")]
    [InlineData(ContentType, "", "does not contain the boundary")]
    [InlineData(ContentType, "x--b--\r\n", "does not contain the boundary")]
    [InlineData(ContentType, "preamble\r\n--b--\r\n", "no field")]
    [InlineData(ContentType, "--b--\r\n", "no field")]
    [InlineData(ContentType, "--b--\r\nmore", "no field")]
    [InlineData(ContentType, "--b--more", "line end")]
    [InlineData(ContentType, "--b more\r\n", "line end")]
    [InlineData(ContentType, "--b\nContent-Disposition: form-data; name=\"images\"\n\nx\n--b--", "line end")]
    [InlineData(ContentType, "--b\r\n\r\nx\r\n--b--\r\n", "no Content-Disposition")]
    [InlineData(ContentType, $"--b\r\n{Disposition}\r\nx", "closing boundary")]
    [InlineData(ContentType, $"--b\r\n{Disposition}", "no end")]
    [InlineData(ContentType, $"--b\r\n{Disposition}Content-Transfer-Encoding: base64\r\n\r\nx\r\n--b--\r\n", "Content-Transfer-Encoding 'base64'")]
    [InlineData(ContentType, "--b\r\nContent-Disposition: attachment; name=\"images\"\r\n\r\nx\r\n--b--\r\n", "form-data")]
    [InlineData(ContentType, "--b\r\nContent-Disposition: form-data; name=\"images\"\r\n\r\ndigit.png\r\n--b--\r\n", "mind the @")]
    [InlineData(ContentType, "--b\r\nContent-Disposition: form-data; name=\"images\"\r\nContent-Type: text/plain\r\n\r\ndigit.png\r\n--b--\r\n", "mind the @")]
    [InlineData(ContentType, $"--b\r\n{Disposition}\r\nx\r\n--b\r\n{Disposition}\r\ny\r\n--b--\r\n", "more than one")]
    [InlineData("text/plain", "x", "not multipart")]
    public void FindFile_InWhatIsNoForm_SaysWhatIsWrong(string contentType, string body, string words) =>
        Assert.Contains(
            words,
            Assert.Throws<RequestRejectedException>(
                () => MultipartForm.FindFile(contentType, Encoding.UTF8.GetBytes(body), "images")).Message,
            StringComparison.Ordinal);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
