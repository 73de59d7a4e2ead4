using System.IO.Compression;
using System.Text;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// A TorchScript module as an archive in memory: the way to operators that have neither a managed binding nor a name in <c>torch.</c>, such as
/// <c>mkldnn::</c>. (format: torch/csrc/jit/serialization, version 3: the source of one class and two pickles.)
/// </summary>
internal static class ScriptArchive
{
    private const string Root = "module";

    /// <summary>An archive of a class without parameters.</summary>
    /// <param name="name">Its name, as its methods write the type of <c>self</c>: <c>__torch__.NAME</c>.</param>
    /// <param name="methods">Their source, indented by two blanks. A constant: a script is never made from input.</param>
    public static byte[] Create(string name, string methods)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("data.pkl", Instance(name));
            Add("code/__torch__.py", Encoding.ASCII.GetBytes(Source(name, methods)));
            Add("constants.pkl", [0x80, 2, .. ")."u8]);
            Add("version", "3\n"u8);

            void Add(string path, ReadOnlySpan<byte> content)
            {
                using Stream entry = archive.CreateEntry($"{Root}/{path}", CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }
        return memory.ToArray();
    }

    private static string Source(string name, string methods) =>
        $"class {name}(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n{methods}\n";

    // Pickle protocol 2: an object of the class with the state {"training": False}.
    private static byte[] Instance(string name) =>
    [
        0x80, 2, .. Encoding.ASCII.GetBytes($"c__torch__\n{name}\n)"), 0x81, .. "}(X"u8, 8, 0, 0, 0, .. "training"u8, 0x89, .. "ub."u8,
    ];
}
