using System.Globalization;
using System.Text;

namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>
/// What torch.save writes since PyTorch 1.6: a zip archive of stored files under one folder, data.pkl with the object and data/KEY with the numbers
/// of each storage (reference: torch/serialization.py, _load; caffe2/serialize/inline_container.cc).
/// </summary>
internal static class TorchArchive
{
    private const string PickleName = "data.pkl";

    // Versions of the archive that the reference reads.
    private const int LowestVersion = 1;
    private const int HighestVersion = 10;

    public static object? Read(MappedFile file)
    {
        IReadOnlyDictionary<string, ZipEntry> entries = ZipDirectory.Read(file);
        string folder = Folder(file, entries.Keys);
        CheckVersion(file, entries, folder);
        ZipEntry pickle = entries[folder + PickleName];
        var cursor = new FileCursor(file, pickle.Offset, pickle.Offset + pickle.Length, what => TorchFile.Malformed(file.Path, what));
        return new Unpickler(cursor, TorchGlobals.All, id => Storage(id, entries, folder)).Read();
    }

    private static string Folder(MappedFile file, IEnumerable<string> names)
    {
        string[] folders = [.. names.Where(name => name.Split('/') is [_, PickleName]).Select(name => name[..^PickleName.Length])];
        if (folders is not [string folder])
        {
            throw TorchFile.Malformed(file.Path, $"its zip archive has {folders.Length} files '{PickleName}'; expected one");
        }
        return !names.Contains(folder + "constants.pkl")
            ? folder
            : throw TorchFile.Malformed(file.Path, "it is a program of TorchScript, not weights of torch.save");
    }

    private static void CheckVersion(MappedFile file, IReadOnlyDictionary<string, ZipEntry> entries, string folder)
    {
        string? text = Text("version") ?? Text(".data/version");
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out int version) || version is < LowestVersion or > HighestVersion)
        {
            throw TorchFile.Malformed(file.Path, $"its archive is of version '{text}'; expected {LowestVersion} to {HighestVersion}");
        }
        if (Text("byteorder") is { } order and not "little")
        {
            throw TorchFile.Malformed(file.Path, $"its byte order is '{order}'; expected 'little'");
        }

        string? Text(string name)
        {
            const int Longest = 64;
            return entries.TryGetValue(folder + name, out ZipEntry entry)
                ? Encoding.Latin1.GetString(file.Span(entry.Offset, (int)Math.Min(entry.Length, Longest))).Trim()
                : null;
        }
    }

    private static TorchStorage Storage(object? id, IReadOnlyDictionary<string, ZipEntry> entries, string folder)
    {
        TorchStorage storage = TorchGlobals.Storage(id);
        if (!entries.TryGetValue($"{folder}data/{storage.Key}", out ZipEntry entry))
        {
            // The reference leaves out what has no bytes in some versions.
            return storage.Elements == 0 ? storage : throw new PickleRefusedException($"the storage '{storage.Key}' is not in it");
        }
        if (entry.Length != storage.Bytes)
        {
            throw new PickleRefusedException(
                $"the storage '{storage.Key}' has {entry.Length:N0} bytes, but {storage.Elements:N0} numbers of the type {storage.Type} need {storage.Bytes:N0}");
        }
        storage.Offset = entry.Offset;
        return storage;
    }
}
