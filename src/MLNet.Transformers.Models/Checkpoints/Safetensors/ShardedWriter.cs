using System.Text.Json;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.Safetensors;

/// <summary>Writes weights as the reference's save_pretrained does: one safetensors file, or shards and an index where one would be too long.</summary>
internal static partial class ShardedWriter
{
    /// <summary>The reference's size of a shard, in bytes.</summary>
    public const long LongestShard = 5_000_000_000;

    /// <summary>Writes the weights of a folder in place of those that are there. A failure leaves the old ones.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="tensors">Names and tensors of any device.</param>
    /// <param name="longestShard">Bytes of tensors a file; a longer tensor has a file of its own.</param>
    /// <exception cref="ArgumentException">A name is given twice.</exception>
    public static void Write(string folder, IEnumerable<(string Name, Tensor Tensor)> tensors, long longestShard = LongestShard)
    {
        List<List<(string Name, Tensor Tensor)>> shards = Split(tensors, longestShard);
        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(Path.Combine(folder, CheckpointFolder.WeightsFile), shards[0]);
            RemoveOthers(folder, [CheckpointFolder.WeightsFile]);
            return;
        }
        string[] names = [.. shards.Select((_, i) => $"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors")];
        var files = new List<(string, Action<Stream>)>();
        foreach ((string name, List<(string Name, Tensor Tensor)> shard) in names.Zip(shards))
        {
            files.Add((Path.Combine(folder, name), stream => SafetensorsWriter.Write(stream, shard)));
        }
        files.Add((Path.Combine(folder, CheckpointFolder.IndexFile), stream => WriteIndex(stream, names, shards)));
        AtomicFile.Write(files);
        RemoveOthers(folder, [.. names, CheckpointFolder.IndexFile]);
    }

    private static List<List<(string Name, Tensor Tensor)>> Split(IEnumerable<(string Name, Tensor Tensor)> tensors, long longestShard)
    {
        List<List<(string Name, Tensor Tensor)>> shards = [[]];
        var names = new HashSet<string>();
        long length = 0;
        foreach ((string name, Tensor tensor) in tensors)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"The name '{name}' is given twice; each tensor needs a name of its own.", nameof(tensors));
            }
            long more = Length(tensor);
            if (length + more > longestShard && shards[^1].Count > 0)
            {
                shards.Add([]);
                length = 0;
            }
            shards[^1].Add((name, tensor));
            length += more;
        }
        return shards;
    }

    private static void WriteIndex(Stream stream, string[] names, List<List<(string Name, Tensor Tensor)>> shards)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("total_size", shards.SelectMany(shard => shard).Sum(item => Length(item.Tensor)));
        json.WriteEndObject();
        json.WriteStartObject("weight_map");
        foreach ((string file, List<(string Name, Tensor Tensor)> shard) in names.Zip(shards))
        {
            foreach ((string name, _) in shard)
            {
                json.WriteString(name, file);
            }
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Weights of an earlier save would be found first, or be taken for a part of these.
    private static void RemoveOthers(string folder, string[] keep)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "model*").Where(path => IsWeights().IsMatch(Path.GetFileName(path)) && !keep.Contains(Path.GetFileName(path))))
        {
            File.Delete(path);
        }
    }

    private static long Length(Tensor tensor) => tensor.numel() * tensor.dtype.ElementSize();

    [GeneratedRegex(@"^model(-[0-9]{5}-of-[0-9]{5}\.safetensors|\.safetensors(\.index\.json)?)$")]
    private static partial Regex IsWeights();
}
