using System.Text.Json;
using MLNet.Transformers.Models.Checkpoints.Gguf;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Checkpoints;

/// <summary>Checks that blocks of a GGUF file give exactly the values of the reference: each type as a tensor of a file that is read.</summary>
internal sealed class GgufBlocksParity(Report report)
{
    private static readonly HashSet<string> _fields = ["made_with", "kind", "note", "types"];

    private static readonly HashSet<string> _typeFields = ["id", "block_values", "block_bytes", "rows", "row_values", "bytes_hex", "values"];

    public void Run(JsonElement expected)
    {
        report.RefuseUnknown(expected, "expected.json", _fields);
        foreach (JsonProperty type in expected.Properties("types"))
        {
            report.RefuseUnknown(type.Value, type.Name, _typeFields);
            report.Guard(type.Name, () => Check(type.Name, type.Value));
        }
    }

    private void Check(string name, JsonElement type)
    {
        long[] shape = [type.GetProperty("rows").GetInt64(), type.GetProperty("row_values").GetInt64()];
        byte[] bytes = Convert.FromHexString(type.GetProperty("bytes_hex").GetString()!);
        float[] expected = [.. type.GetProperty("values").EnumerateArray().Select(value => (float)value.GetDouble())];
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new GgufBytes().WithTensor(name, type.GetProperty("id").GetUInt32(), shape, bytes).ToArray());
            using GgufContents file = GgufContents.Open(path);
            GgufTensor tensor = file.Tensors[name];
            report.Equal($"{name}: name", tensor.Type.Name, name);
            report.Equal($"{name}: values of a block", tensor.Type.BlockValues, type.GetProperty("block_values").GetInt32());
            report.Equal($"{name}: bytes of a block", tensor.Type.BlockBytes, type.GetProperty("block_bytes").GetInt32());
            using Tensor values = zeros(shape, ScalarType.Float32);
            tensor.CopyTo(values);
            report.SequenceEqual($"{name}: values", values.data<float>().ToArray(), expected);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
