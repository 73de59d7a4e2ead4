using System.Numerics;

namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>
/// What torch.save wrote before PyTorch 1.6: pickles of a magic number, a version, the machine, the object and the keys of its storages, and then the
/// storages' numbers, each after their count (reference: torch/serialization.py, _legacy_load).
/// </summary>
internal static class LegacyTorchFile
{
    private const long Version = 1001;

    private static readonly BigInteger _magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly Dictionary<string, object> _nothing = [];

    public static object? Read(MappedFile file)
    {
        var cursor = new FileCursor(file, 0, file.Length, what => TorchFile.Malformed(file.Path, what));
        CheckHead(cursor);
        var storages = new List<TorchStorage>();
        var parts = new List<(TorchStorage Part, string Whole, long First)>();
        object? content = new Unpickler(cursor, TorchGlobals.All, id => Storage(id, storages, parts)).Read();
        Place(cursor, Keys(cursor), storages.ToLookup(storage => storage.Key));
        foreach ((TorchStorage part, string whole, long first) in parts)
        {
            part.Offset = storages.First(storage => storage.Key == whole).Offset + first * part.Type.ElementSize();
        }
        return content;
    }

    private static void CheckHead(FileCursor cursor)
    {
        object? magic;
        try
        {
            magic = new Unpickler(cursor, _nothing).Read();
        }
        catch (PickleRefusedException)
        {
            magic = null;
        }
        if (magic is not BigInteger number || number != _magic)
        {
            throw cursor.Malformed("it begins neither as a zip archive nor with the magic number of torch.save");
        }
        object? version = new Unpickler(cursor, _nothing).Read();
        if (version is not Version)
        {
            throw cursor.Malformed($"it is of version {version ?? "None"}; expected {Version}");
        }
        if (new Unpickler(cursor, _nothing).Read() is not PickleDict machine || machine.Get("little_endian") is not true)
        {
            throw cursor.Malformed("it was not written on a little-endian machine");
        }
    }

    // The sixth part, where it is not None, says that the storage is a part of another: (own key, first element, elements).
    private static TorchStorage Storage(object? id, List<TorchStorage> storages, List<(TorchStorage, string, long)> parts)
    {
        TorchStorage storage = TorchGlobals.Storage(id);
        storages.Add(storage);
        if (id is not object?[] { Length: >= 6 } tuple || tuple[5] is null)
        {
            return storage;
        }
        if (tuple[5] is not object?[] { Length: 3 } view || view[0] is not string key || view[1] is not long first || view[2] is not long count
            || first < 0 || count < 0 || first > storage.Elements - count)
        {
            throw new PickleRefusedException($"a part of the storage '{storage.Key}' in its pickle is not within it");
        }
        var part = new TorchStorage(key, storage.Type, count);
        parts.Add((part, storage.Key, first));
        return part;
    }

    private static string[] Keys(FileCursor cursor) => new Unpickler(cursor, _nothing).Read() is PickleList list && list.All(key => key is string)
        ? [.. list.Select(key => (string)key!)]
        : throw cursor.Malformed("the list of its storages' keys is not there");

    private static void Place(FileCursor cursor, string[] keys, ILookup<string, TorchStorage> storages)
    {
        foreach (string key in keys)
        {
            if (!storages.Contains(key) || storages[key].First().Offset >= 0)
            {
                throw cursor.Malformed($"it has the storage '{key}' {(storages.Contains(key) ? "twice" : "which nothing refers to")}");
            }
            long count = cursor.Int64();
            long at = cursor.Position;
            foreach (TorchStorage storage in storages[key])
            {
                if (storage.Elements != count)
                {
                    throw cursor.Malformed($"the storage '{key}' has {count:N0} numbers, but its pickle says {storage.Elements:N0}");
                }
                storage.Offset = at;
            }
            cursor.Skip(storages[key].Max(storage => storage.Bytes), $"the storage '{key}'");
        }
        if (storages.FirstOrDefault(group => group.First().Offset < 0) is { } missing)
        {
            throw cursor.Malformed($"the storage '{missing.Key}' is not in it");
        }
    }
}
