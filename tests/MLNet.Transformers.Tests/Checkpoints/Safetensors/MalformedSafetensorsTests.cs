using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;

namespace MLNet.Transformers.Tests.Checkpoints.Safetensors;

public sealed class MalformedSafetensorsTests
{
    private const string FileName = "broken.safetensors";

    // What is wrong, what follows the header's length, bytes of data, what the message says of it.
    public static TheoryData<string, string, int, string> Headers => new()
    {
        { "not JSON", "not json", 0, "not JSON" },
        { "half of JSON", """{"a":{"dtype":"F32",""", 0, "not JSON" },
        { "nested too deep", new string('[', 1000), 0, "not JSON" },
        { "a list", "[]", 0, "not a JSON object" },
        { "a number", "7", 0, "not a JSON object" },
        { "null", "null", 0, "not a JSON object" },
        { "a name twice", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "the tensor 'a' twice" },
        { "a name twice, once escaped", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "the tensor 'a' twice" },
        { "half a character as a name", """{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "not JSON" },
        { "half a character as a type", """{"a":{"dtype":"\ud800","shape":[1],"data_offsets":[0,1]}}""", 1, "not JSON" },
        { "half a character in the metadata", """{"__metadata__":{"format":"\ud800"}}""", 0, "not JSON" },
        { "metadata that are a list", """{"__metadata__":[]}""", 0, "'__metadata__' is not an object" },
        { "metadata that are no text", """{"__metadata__":{"format":7}}""", 0, "the value 7 for 'format'" },
        { "an entry that is a list", """{"a":[]}""", 0, "the entry of 'a' is not an object" },
        { "no type", """{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "'a' has no text 'dtype'" },
        { "a type that is a number", """{"a":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", 4, "'a' has no text 'dtype'" },
        { "an unknown type", """{"a":{"dtype":"F3","shape":[4],"data_offsets":[0,4]}}""", 4, "'a' has the type 'F3'" },
        { "a type that ends within a byte", """{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2, "'a' has 2 bytes, but F4 of shape [3] needs 12 bits" },
        { "no shape", """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "'a' has no list 'shape'" },
        { "a shape that is a number", """{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4, "'a' has no list 'shape'" },
        { "a shape of texts", """{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "'shape' of the tensor 'a' holds \"1\"" },
        { "a negative size", """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "'shape' of the tensor 'a' holds -1" },
        { "two negative sizes", """{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, "'shape' of the tensor 'a' holds -1" },
        { "a broken size", """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "'shape' of the tensor 'a' holds 1.5" },
        { "a size beyond 64 bits", """{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}""", 4, "holds 9223372036854775808" },
        { "sizes whose product overflows", """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "needs more than there can be" },
        { "sizes whose bytes overflow", """{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0, "needs more than there can be" },
        { "no range", """{"a":{"dtype":"F32","shape":[1]}}""", 4, "'a' has no list 'data_offsets'" },
        { "a range of one number", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""", 4, "'a' has the byte range [4]" },
        { "a range of three numbers", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,2,4]}}""", 4, "'a' has the byte range [0, 2, 4]" },
        { "a range backwards", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "'a' has the byte range [4, 0]" },
        { "a negative beginning", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "'data_offsets' of the tensor 'a' holds -4" },
        { "too few bytes for its shape", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "'a' has 4 bytes, but F32 of shape [2] needs 8" },
        { "too many bytes for its shape", """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,8]}}""", 8, "'a' has 8 bytes, but F32 of shape [] needs 4" },
        { "a range behind the file", """{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}""", 8, "'a' ends at byte 9 of the data, but only 8" },
        { "a range far behind the file", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}""", 8, "hole of" },
        { "overlapping ranges", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", 6, "the bytes of 'b' overlap those of 'a'" },
        { "one range twice", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "overlap" },
        { "a range within another", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}""", 4, "the bytes of 'b' overlap those of 'a'" },
        { "a hole in front", """{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8, "hole of 4 bytes between 'the header' and 'a'" },
        { "a hole between", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3, "hole of 1 bytes between 'a' and 'b'" },
        { "trailing bytes", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 9, "8 bytes follow the last tensor" },
        { "bytes behind no tensor", "{}", 5, "5 bytes follow" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Refuses(string what, string header, int dataLength, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(FileName, SafetensorsBytes.Make(header, dataLength));

        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path).Dispose());

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Theory]
    [InlineData(0UL, "0 bytes long")]
    [InlineData(3UL, "17 bytes follow")]
    [InlineData(30UL, "30 bytes long, but only 20 follow")]
    [InlineData(100_000_000UL, "100,000,000 bytes long, but only 20 follow")]
    [InlineData(100_000_001UL, "100,000,001 bytes long; expected 1 to 100,000,000")]
    [InlineData(1UL << 63, "9,223,372,036,854,775,808 bytes long")]
    [InlineData(ulong.MaxValue, "18,446,744,073,709,551,615 bytes long")]
    public void Refuses_a_header_of_another_length(ulong length, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(FileName, SafetensorsBytes.Make(length, "{}" + new string(' ', 18)));

        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path).Dispose());

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void Refuses_a_file_without_a_header(int length)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(FileName, new byte[length]);

        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path).Dispose());

        Assert.Contains($"it has {length} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_bytes_that_are_no_text()
    {
        using var folder = new TemporaryFolder();
        byte[] header = [.. "{\""u8, 0xFF, 0xFE, .. "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"u8];
        string path = folder.Write(FileName, SafetensorsBytes.Make(header));

        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path).Dispose());

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_every_cut_of_a_file()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = SafetensorsBytes.Make("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        SafetensorsFile.Open(folder.Write("whole.safetensors", whole)).Dispose();
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write(FileName, whole.AsSpan(0, length));
            Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path).Dispose());
        }
    }

    [Fact]
    public void Names_a_file_that_is_not_there()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(folder.File("absent.safetensors")));

        Assert.Contains(folder.File("absent.safetensors"), error.Message, StringComparison.Ordinal);
    }
}
