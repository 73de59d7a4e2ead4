using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>A checkpoint in several files of one format, which an index lists by tensor.</summary>
internal sealed class ShardedTensors : ITensorSource
{
    private readonly Dictionary<string, ITensorSource> _fileOf;
    private readonly IReadOnlyCollection<ITensorSource> _files;

    private ShardedTensors(string path, Dictionary<string, ITensorSource> fileOf, IReadOnlyCollection<ITensorSource> files) =>
        (Path, _fileOf, _files) = (path, fileOf, files);

    public string Path { get; }

    public IReadOnlyCollection<string> Names => _fileOf.Keys;

    public TensorEntry this[string name] => FileOf(name)[name];

    /// <param name="index">model.safetensors.index.json, or its counterpart of another format.</param>
    /// <param name="open">Opens a file of the format.</param>
    /// <exception cref="CheckpointException">The index or a shard is malformed or missing, or a shard lacks a tensor that the index says it has.</exception>
    public static ShardedTensors Open(string index, Func<string, ITensorSource> open)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(index))!;
        var files = new Dictionary<string, ITensorSource>();
        try
        {
            var names = new Dictionary<string, HashSet<string>>();
            var fileOf = new Dictionary<string, ITensorSource>();
            foreach ((string tensor, string shard) in ReadIndex(index))
            {
                if (!files.TryGetValue(shard, out ITensorSource? file))
                {
                    files[shard] = file = OpenShard(folder, shard, index, open);
                    names[shard] = [.. file.Names];
                }
                fileOf[tensor] = names[shard].Contains(tensor)
                    ? file
                    : throw new CheckpointException($"'{index}' says that '{shard}' holds the tensor '{tensor}', but it does not.");
            }
            return new ShardedTensors(index, fileOf, files.Values);
        }
        catch
        {
            foreach (ITensorSource file in files.Values)
            {
                file.Dispose();
            }
            throw;
        }
    }

    public void CopyTo(string name, Tensor target) => FileOf(name).CopyTo(name, target);

    public void Dispose()
    {
        foreach (ITensorSource file in _files)
        {
            file.Dispose();
        }
    }

    private ITensorSource FileOf(string name) =>
        _fileOf.TryGetValue(name, out ITensorSource? file) ? file : throw new CheckpointException($"'{Path}' has no tensor '{name}'.");

    private static ITensorSource OpenShard(string folder, string shard, string index, Func<string, ITensorSource> open)
    {
        if (System.IO.Path.GetFileName(shard) != shard)
        {
            throw new CheckpointException($"'{index}' names the file '{shard}'; expected a file of the same folder.");
        }
        string path = System.IO.Path.Combine(folder, shard);
        return File.Exists(path) ? open(path) : throw new CheckpointException($"'{index}' names the file '{shard}', which is not there.");
    }

    private static IEnumerable<(string Tensor, string Shard)> ReadIndex(string index)
    {
        JsonObject map = ConfigJson.Parse(File.ReadAllBytes(index), index).Json["weight_map"] as JsonObject
            ?? throw new CheckpointException($"'{index}' has no object 'weight_map'.");
        return map.Select(item => (item.Key, item.Value?.GetValueKind() == JsonValueKind.String
            ? item.Value.GetValue<string>()
            : throw new CheckpointException($"'{index}' has {item.Value?.ToJsonString() ?? "null"} as the file of '{item.Key}'; expected a string.")));
    }
}
