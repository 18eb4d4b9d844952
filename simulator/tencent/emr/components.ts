// Which processes a service consists of, and on which nodes they run.
import type { Cluster, Role } from "./cluster";

export interface Component {
  /** As service calls spell it. */
  name: string;
  /** As the node list spells it. */
  listName: string;
  service: string;
  /** Process number. */
  id: number;
  /** Roles whose new nodes run it. */
  roles: Role[];
}

function component(
  service: string,
  name: string,
  id: number,
  roles: Role[],
  listName: string = name,
): Component {
  return { service, name, id, roles, listName };
}

const components: Component[] = [
  component("HDFS", "NameNode", 1, ["master"]),
  component("YARN", "ResourceManager", 6, ["master"]),
  component("HIVE", "HiveServer2", 31, ["master", "router"]),
  component("HIVE", "HiveMetaStore", 30, ["master"]),
  component("HDFS", "ZKFailoverController", 8, ["master"], "zkfc"),
  component("SPARK", "SparkJobHistoryServer", 17, ["master"]),
  component("HDFS", "DataNode", 2, ["core"]),
  component("YARN", "NodeManager", 7, ["core", "task"]),
  component("HDFS", "JournalNode", 3, ["common"]),
  // The documented list of numbers is partial and leaves this one out.
  component("ZOOKEEPER", "QuorumPeerMain", 4, ["common"], "Zookeeper"),
  component("PRESTO", "PrestoCoordinator", 10, ["master"]),
  component("PRESTO", "PrestoWorker", 11, ["core", "task"]),
  component("PRESTOSQL", "PrestoSqlCoordinator", 67, ["master"]),
  component("PRESTOSQL", "PrestoSqlWorker", 66, ["core", "task"]),
  component("IMPALA", "ImpalaServer", 47, ["core"]),
  component("YARN", "JobHistoryServer", 14, []),
  component("YARN", "TimeLineServer", 102, []),
];

/** What a new node of this role runs in this cluster. */
export function componentsOf(role: Role, cluster: Cluster): Component[] {
  const services = serviceNames(cluster);
  return components.filter(({ service, roles }) => roles.includes(role) && services.includes(service));
}

/** An unlisted number gets a made-up name instead of an error. */
export function componentWithId(id: number): Component {
  return components.find((one) => one.id === id) ?? component("", `Process${id}`, id, []);
}

/** The cluster's services without their versions, like "HDFS". */
export function serviceNames(cluster: Cluster): string[] {
  return cluster.services.map((service) => service.replace(/-[\d.]+$/, ""));
}
